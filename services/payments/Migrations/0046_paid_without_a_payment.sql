-- What an invoice took of its customer's credit, whether it was paid another way, and when: it is paid then, though no payment tells of it. Null and false for those that were told before; what is told of them again fills it.
alter table invoices add column credit_used_micros bigint, add column paid_out_of_band boolean not null default false, add column paid_at timestamptz;
