-- Of a backlog the oldest were found by sorting all of it, for each eight objects that were taken in: the planner knows a table that fills and empties by its emptiness. Each claim reads what it takes, in the order of its index.
drop index provider_tasks_due;
create index provider_tasks_to_settle on provider_tasks (due_at, id) where task = 'settle' and not parked;
create index provider_tasks_to_fetch on provider_tasks (provider, due_at, id) where task = 'fetch' and not parked;

create function due_to_settle(at timestamptz, most int) returns table (provider text, object_key text, due_at timestamptz) language plpgsql stable
  set enable_seqscan = off set enable_bitmapscan = off as $$
begin
  return query select t.provider, t.object_key, t.due_at from provider_tasks t where t.task = 'settle' and not t.parked and t.due_at <= at order by t.due_at, t.id limit most;
end $$;
