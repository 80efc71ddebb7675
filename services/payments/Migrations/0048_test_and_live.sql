-- What was paid for in test mode. Where a provider is live it buys nothing (0175).
alter table entitlements add column test boolean;
alter table entitlements no force row level security;   -- the owner of the tables reads and writes what belongs to any account
alter table payments no force row level security;
alter table subscriptions no force row level security;
update entitlements e set test = coalesce(
  (select p.test from payments p where e.source = 'payment' and p.id = e.source_id),
  (select s.test from subscriptions s where e.source = 'subscription' and s.id = e.source_id), false);
alter table subscriptions force row level security;
alter table payments force row level security;
alter table entitlements force row level security;
alter table entitlements alter column test set not null;

-- The providers that tiers are paid over, and whether what is paid there is real. As the settings had it at the last start.
create table provider_modes (
  provider text primary key,
  test boolean not null,
  since timestamptz not null
);
alter table provider_modes enable row level security;
alter table provider_modes force row level security;
select kernel.system_access('provider_modes');
create policy read on provider_modes for select using (true);   -- whether tests count is no secret of anybody's

-- What a customer was at Stripe in the mode that is not today's: its words still come, and it is theirs again where the mode comes back.
create table stripe_customers_aside (
  stripe_id text primary key,
  tenant_id uuid not null,
  customer_id uuid not null references customers,
  test boolean not null,
  payment_method text,
  card_brand text,
  card_last4 text,
  unique (customer_id, test)
);
select kernel.tenant_owned('stripe_customers_aside');
select kernel.system_access('stripe_customers_aside');

-- A word means one coupon of those that are real, and one of those that are tried.
drop index coupons_by_code;
create unique index coupons_by_code on coupons (tenant_id, code, test) where active;
