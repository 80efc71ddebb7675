-- What a subscription gave, and since when, as its provider told of it: a month that is paid beside it stands still meanwhile. Of all reports, so that it is the same in whatever order they came.
create table subscription_tiers (
  tenant_id uuid not null,
  subscription_id uuid not null,
  told_at timestamptz not null,
  told_by text not null,
  tier text check (tier in ('professional', 'enterprise')), -- null: nothing
  primary key (tenant_id, subscription_id, told_at, told_by)
);
select kernel.tenant_owned('subscription_tiers');
select kernel.system_access('subscription_tiers');
