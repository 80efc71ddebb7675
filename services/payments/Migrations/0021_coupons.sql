-- Reductions that an owner gives, by a word that payers type. The limit of redemptions is held here, over all providers together.
create table coupons (
  id uuid primary key,
  tenant_id uuid not null,
  code text not null check (code ~ '^[A-Z0-9][A-Z0-9_-]{2,39}$'),
  name text,
  percent_off numeric(5, 2) check (percent_off between 1 and 100),
  amount_off_micros bigint check (amount_off_micros > 0),
  currency char(3),                      -- of the amount; null with a percentage
  duration text not null check (duration in ('once', 'repeating', 'forever')),
  duration_months int check (duration_months > 0),
  redeem_by timestamptz,
  max_redemptions int check (max_redemptions > 0),
  active boolean not null default true,
  stripe_id text unique,
  stripe_problem text,
  request_key text,
  test boolean not null,
  created_at timestamptz not null,
  check ((percent_off is null) <> (amount_off_micros is null)),
  check ((amount_off_micros is null) = (currency is null)),
  check ((duration = 'repeating') = (duration_months is not null))
);
create unique index coupons_by_code on coupons (tenant_id, code) where active;   -- a word means one coupon
create unique index coupons_by_request on coupons (tenant_id, request_key) where request_key is not null;
create index coupons_newest on coupons (tenant_id, created_at desc, id desc);
select kernel.tenant_owned('coupons');
select kernel.system_access('coupons');

-- Each use of a coupon: held with the decision, used when it is paid, released when nothing can be paid any more.
create table coupon_redemptions (
  id uuid primary key,                   -- of the payment or subscription that it is for: one use, whatever is repeated
  tenant_id uuid not null,
  coupon_id uuid not null references coupons,
  customer_id uuid not null references customers,
  source text not null check (source in ('payment', 'subscription')),
  status text not null default 'held' check (status in ('held', 'used', 'released')),
  held_until timestamptz,                -- null: the provider tells when nothing can be paid any more
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index coupon_redemptions_standing on coupon_redemptions (coupon_id, customer_id) where status <> 'released';   -- counted at each use
select kernel.tenant_owned('coupon_redemptions');
select kernel.system_access('coupon_redemptions');

-- What is asked of the payer is net; a payment of which nothing is left to pay moves no money.
alter table payments
  add column coupon_id uuid references coupons,
  add column discount_micros bigint not null default 0 check (discount_micros >= 0),
  drop constraint payments_amount_micros_check,
  add constraint payments_amount_micros_check check (amount_micros >= 0);
alter table subscriptions add column coupon_id uuid references coupons;
