-- What a payer has to do for the newest invoice of a subscription, as its provider answered when it was begun or changed: where, with what secret (sealed), and for which invoice.
alter table subscriptions add column action_invoice text, add column action_url text, add column client_secret text;
create index subscriptions_by_key on subscriptions (split_part(client_secret, '.', 2), id) where client_secret is not null;

-- The provider's own page of an invoice, and whether the payer's bank has asked for them.
alter table invoices add column hosted_url text, add column awaits_payer boolean not null default false;
create index invoices_awaiting on invoices (customer_id, created_at desc) where awaits_payer and status = 'open';
