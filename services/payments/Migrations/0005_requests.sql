-- A repeated request finds what the first one decided, also where its answer was lost with the process.
alter table payments add column request_key text;
create unique index payments_by_request on payments (tenant_id, request_key) where request_key is not null;
alter table refunds add column request_key text;
create unique index refunds_by_request on refunds (tenant_id, request_key) where request_key is not null;
alter table subscriptions add column request_key text;
create unique index subscriptions_by_request on subscriptions (tenant_id, request_key) where request_key is not null;

alter table customers
  add column wanted_method text,       -- the method to attach, as it was given
  add column stripe_problem text;      -- why Stripe does not have them, or not this method

alter table payments add column tries int not null default 0;   -- confirmations: each has an effect of its own
alter table subscriptions add column acts int not null default 0;   -- changes: each has an effect of its own
alter table disputes add column evidence_sent int not null default 0;
