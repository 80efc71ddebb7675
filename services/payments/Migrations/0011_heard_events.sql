-- What other services and people told of money, word for word: the books can be made anew from it. First heard stands, for ever.
create table heard_events (
  tenant_id uuid not null,
  kind text not null,                  -- the event: CostIncurred
  id uuid not null,                    -- the fact's own
  payload jsonb not null,
  occurred_at timestamptz not null,    -- by whoever tells of it
  heard_at timestamptz not null,
  primary key (tenant_id, kind, id)
);
select kernel.tenant_owned('heard_events');

do $$
declare role text;
begin
  foreach role in array array[current_setting('empire.app_role'), current_setting('empire.system_role')] loop
    execute format('revoke update, delete, truncate on heard_events from %I', role);
  end loop;
end $$;
select kernel.system_access('heard_events');
