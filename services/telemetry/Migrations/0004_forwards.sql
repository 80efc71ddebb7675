-- Settled samples on their way to an external time series cluster; written with the settling, gone when the cluster has taken them.
create table forwards (
  id bigint generated always as identity primary key,
  tenant_id uuid not null,
  agent_id uuid not null,
  samples int not null,
  data bytea not null,                          -- per series: varint gpu_id, varint length, block
  queued_at timestamptz not null,
  refused_at timestamptz,                       -- set aside: the cluster will never take it as it is
  refusal text
);
create index forwards_waiting on forwards (id) where refused_at is null;
select kernel.tenant_owned('forwards');
select kernel.system_access('forwards');
