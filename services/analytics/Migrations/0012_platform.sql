-- The accounts of this installation, as its operator counts them.
create table customers (
  tenant_id uuid primary key,
  tier text not null check (tier in ('free', 'professional', 'enterprise')),
  tier_at timestamptz not null,            -- of two changes the later one holds, whichever is heard first
  is_operator boolean not null default false,
  created_at timestamptz,                  -- null: so far only a change of its tier was heard
  first_paid_at timestamptz,
  left_paid_at timestamptz                 -- null: it pays, or never did
);
select kernel.tenant_owned('customers');
select kernel.system_access('customers');  -- the operator's figures are of all accounts

-- What each account has saved and wasted with its GPUs so far, as telemetry last told.
create table customer_savings (
  tenant_id uuid primary key,
  saved_micros bigint not null,
  low_micros bigint not null,
  high_micros bigint not null,
  wasted_micros bigint not null,
  measured_at timestamptz not null
);
select kernel.tenant_owned('customer_savings');
select kernel.system_access('customer_savings');

-- The operator's figures are of all accounts.
select kernel.system_access('pieces');
select kernel.system_access('publications');
select kernel.system_access('costs');
