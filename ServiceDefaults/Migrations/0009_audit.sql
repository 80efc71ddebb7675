-- Who changed what, when and from where. It commits with the change it tells of. The runtime roles may add and read, never alter or remove: a fact that
-- the audited could edit proves nothing.
create table kernel.audit (
  id uuid primary key,
  tenant_id uuid not null,           -- all zeros: the installation itself
  at timestamptz not null,
  actor text not null,               -- user:…, key:…, service:…, anonymous, or system for its own doing
  action text not null,
  entity_type text not null,
  entity_id text,
  details jsonb,
  address text,                      -- the client's, as the gateway vouched for it
  trace_id text
);
create index audit_listed on kernel.audit (tenant_id, at desc, id desc);
create index audit_of_entity on kernel.audit (tenant_id, entity_id, at desc, id desc) where entity_id is not null;   -- "what happened to this one?"
select kernel.tenant_owned('kernel.audit');
select kernel.system_access('kernel.audit');

do $$
declare role text;
begin
  foreach role in array array[current_setting('empire.app_role'), current_setting('empire.system_role')] loop
    execute format('revoke update, delete, truncate on kernel.audit from %I', role);
  end loop;
end $$;
