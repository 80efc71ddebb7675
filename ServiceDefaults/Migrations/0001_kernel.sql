-- What every service's database has before its own tables: the tenant of the transaction, and the two ways of owning a row.

create function current_tenant() returns uuid language sql stable parallel safe
  return nullif(current_setting('empire.tenant', true), '')::uuid;

-- Rows of a tenant: visible and writable only inside a transaction of that tenant, for every role but a superuser.
create function kernel.tenant_owned(table_name regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', table_name);
  execute format('alter table %s force row level security', table_name);
  execute format('create policy tenant on %s using (tenant_id = current_tenant()) with check (tenant_id = current_tenant())', table_name);
end $$;

-- Tables that a worker of this service must read for all tenants at once (to claim due work) say so one by one.
create function kernel.system_access(table_name regclass) returns void language plpgsql as $$
begin
  execute format('create policy system on %s to %I using (true) with check (true)', table_name, current_setting('empire.system_role'));
end $$;
