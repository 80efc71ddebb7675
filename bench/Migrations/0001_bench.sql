-- What the handler of the messaging benchmark writes: one row per event, as a small real handler would.
create table pings_handled (
  ping_id uuid primary key,
  tenant_id uuid not null,
  text text not null
);
select kernel.tenant_owned('pings_handled');
select kernel.system_access('pings_handled');
