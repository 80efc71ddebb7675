-- Metered calls of an account in a calendar month (UTC). Next month is another row, so nothing needs resetting.
create table api_usage (
  tenant_id uuid not null references tenants,
  month date not null check (extract(day from month) = 1),
  used bigint not null check (used >= 0),
  primary key (tenant_id, month)
);
select kernel.tenant_owned('api_usage');
select kernel.system_access('api_usage');

-- Calls that may still be given back. Gone when returned, or when it is too late for that.
create table call_receipts (
  id uuid primary key,
  tenant_id uuid not null,
  month date not null,
  spent_at timestamptz not null
);
create index call_receipts_by_age on call_receipts (spent_at);   -- the sweep
select kernel.tenant_owned('call_receipts');
select kernel.system_access('call_receipts');

-- What the services say an account has of the things its tier limits. They count; this is for showing.
create table resource_usage (
  tenant_id uuid not null,
  service text not null,
  resource text not null,
  used bigint not null,
  revision bigint not null,
  primary key (tenant_id, resource, service)
);
select kernel.tenant_owned('resource_usage');
select kernel.system_access('resource_usage');
