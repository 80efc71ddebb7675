-- Users who sell through a tenant's business, each with an account of their own at Stripe.
create table sellers (
  id uuid primary key,
  tenant_id uuid not null,
  email text not null check (email = lower(email)),
  name text,
  country char(2) not null,
  fee_percent numeric(4, 2) not null check (fee_percent between 5 and 10),
  provider_ref text unique,
  status text not null default 'pending' check (status in ('pending', 'created', 'failed')),
  failure_detail text,
  charges_enabled boolean not null default false,
  payouts_enabled boolean not null default false,
  details_submitted boolean not null default false,
  told_at timestamptz,
  told_by text,
  test boolean not null,
  created_at timestamptz not null
);
create unique index sellers_by_email on sellers (tenant_id, email);
create index sellers_newest on sellers (tenant_id, created_at desc, id desc);
select kernel.tenant_owned('sellers');
select kernel.system_access('sellers');

-- Who runs this installation: the account that is paid for tiers. One row.
create table operator_account (
  one boolean primary key default true check (one),
  account_id uuid not null
);
alter table operator_account enable row level security;
alter table operator_account force row level security;
select kernel.system_access('operator_account');
