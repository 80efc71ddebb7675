-- What a person asked about their data, and how far each service has come with it.
create table privacy_requests (
  id uuid primary key,
  tenant_id uuid not null references tenants,       -- the account in which it was asked
  kind text not null check (kind in ('export', 'erasure')),
  user_id uuid not null references users,
  whole_person boolean not null,                    -- in every account of theirs; false: an account's admin asked, for that account
  sealed_email text,                                -- for the services; gone when the request is over
  requested_by text not null,
  state text not null check (state in ('waiting', 'running', 'completed', 'cancelled', 'refused')),
  due_at timestamptz not null,                      -- an erasure begins then; until then it may be cancelled
  created_at timestamptz not null,
  completed_at timestamptz,
  detail text,                                      -- why it was refused
  wiped_at timestamptz                              -- an export's data was deleted
);
create unique index one_erasure_at_a_time on privacy_requests (user_id, tenant_id) where kind = 'erasure' and state in ('waiting', 'running');
create index privacy_requests_open on privacy_requests (due_at) where state in ('waiting', 'running');
select kernel.tenant_owned('privacy_requests');
select kernel.system_access('privacy_requests');

create table privacy_parts (
  request_id uuid not null references privacy_requests on delete cascade,
  tenant_id uuid not null,                          -- the account it is about
  service text not null,
  asked_at timestamptz not null,                    -- the last time
  answered_at timestamptz,
  row_count int,                                    -- erasure
  sealed_data text,                                 -- export
  primary key (request_id, tenant_id, service)
);
create index privacy_parts_open on privacy_parts (asked_at) where answered_at is null;
select kernel.tenant_owned('privacy_parts');
select kernel.system_access('privacy_parts');

-- Deletes every row that by the schema's own word belongs to one person alone (on delete cascade): a table that is added later is covered without a line here.
-- The row in users stays, without the person in it: others refer to it.
create function forget_rows_of(person uuid) returns int language plpgsql as $$
declare
  link record; touched int; total int := 0;
begin
  for link in
    select c.conrelid::regclass as owner, a.attname as name
    from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f' and c.confrelid = 'users'::regclass and c.confdeltype = 'c' and cardinality(c.conkey) = 1
  loop
    execute format('delete from %s where %I = $1', link.owner, link.name) using person;
    get diagnostics touched = row_count;
    total := total + touched;
  end loop;
  return total;
end $$;
