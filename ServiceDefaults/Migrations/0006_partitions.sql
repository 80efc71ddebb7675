-- Partitions of time-ordered tables. Called by the owner (Partitions.EnsureAsync); identifiers are quoted by format.

create function kernel.create_partition(parent regclass, suffix text, from_time timestamptz, to_time timestamptz) returns void language plpgsql as $$
declare
  parent_space name; parent_name name; partition text; secured boolean;
begin
  select n.nspname, c.relname, c.relrowsecurity into parent_space, parent_name, secured
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = parent;
  partition := format('%I.%I', parent_space, parent_name || '_' || suffix);
  if to_regclass(partition) is not null then return; end if;
  execute format('create table %s partition of %s for values from (%L) to (%L)', partition, parent, from_time, to_time);
  -- Policies of the parent hold only for access through the parent: nobody may address a partition itself.
  if secured then
    execute format('alter table %s enable row level security', partition);
    execute format('alter table %s force row level security', partition);
    execute format('create policy through_the_parent_only on %s using (false)', partition);
  end if;
end $$;
revoke execute on function kernel.create_partition from public;

create function kernel.drop_partitions(parent regclass, before timestamptz) returns void language plpgsql as $$
declare
  partition record;
begin
  for partition in
    select c.oid::regclass as name, (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \(''([^'']+)''\)'))[1]::timestamptz as to_time
    from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = parent
  loop
    if partition.to_time <= before then execute format('drop table %s', partition.name); end if;
  end loop;
end $$;
revoke execute on function kernel.drop_partitions from public;
