-- What somebody did to spend less, so that what it brought can be measured against what would have been spent.
create table measures (
  id uuid primary key,
  tenant_id uuid not null,
  kind text not null check (kind in ('shut_down', 'schedule_shutdown', 'smaller_gpu', 'consolidate', 'mig_split', 'spot')),
  agent_id uuid not null,
  gpu_index int check (gpu_index >= 0),          -- null: the whole host
  replaced_by uuid[] not null default '{}',      -- agents that do the work now
  taken_on date not null,                        -- UTC; the day itself is in neither comparison
  promised_micros bigint,                        -- what the advice of that moment said for a month; null: there was none
  note text not null default '',
  created_at timestamptz not null,
  foreign key (tenant_id, agent_id) references agents (tenant_id, id)
);
create index measures_by_agent on measures (tenant_id, agent_id);
select kernel.tenant_owned('measures');
select kernel.system_access('measures');

-- What was last told of an account's savings. One row for each account with GPUs.
create table savings_told (
  tenant_id uuid primary key,
  told_on date,
  saved_micros bigint not null default 0,
  wasted_micros bigint not null default 0
);
select kernel.tenant_owned('savings_told');
select kernel.system_access('savings_told');
