-- The check that never rests: what balances say against what lines sum to.

-- One row: up to which transaction lines were summed once for all, and when the next turn is due. Whoever holds its lock checks.
create table ledger_check_state (
  one boolean primary key default true check (one),
  checked_until bigint not null,       -- every transaction below it had ended
  due_at timestamptz not null,
  whole_due_at timestamptz not null
);
insert into ledger_check_state (checked_until, due_at, whole_due_at) values (0, '-infinity', '-infinity');
alter table ledger_check_state enable row level security;
select kernel.system_access('ledger_check_state');

-- The sums of the lines below that transaction.
create table ledger_checked (
  tenant_id uuid not null,
  account text not null,
  currency char(3) not null,
  test boolean not null,
  debit_micros numeric not null,
  credit_micros numeric not null,
  lines bigint not null,
  primary key (tenant_id, account, currency, test)
);
select kernel.tenant_owned('ledger_checked');
select kernel.system_access('ledger_checked');

create table ledger_checks (
  id uuid primary key,
  whole boolean not null,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  lines bigint not null,               -- read in this turn
  drifts integer not null              -- that stand open after it
);
create index ledger_checks_sound on ledger_checks (finished_at desc) where drifts = 0;
alter table ledger_checks enable row level security;
select kernel.system_access('ledger_checks');

create table ledger_drifts (
  id uuid primary key,
  tenant_id uuid not null,
  kind text not null check (kind in ('balance', 'entry')),
  subject text not null,               -- the account with its currency, or the entry
  detail text not null,
  found_at timestamptz not null,
  healed_at timestamptz
);
create unique index ledger_drifts_open on ledger_drifts (tenant_id, kind, subject) where healed_at is null;   -- one alarm, however often it is seen
select kernel.tenant_owned('ledger_drifts');
select kernel.system_access('ledger_drifts');

do $$
declare role text;
begin
  foreach role in array array[current_setting('empire.app_role'), current_setting('empire.system_role')] loop
    execute format('revoke update, delete, truncate on ledger_checks from %I', role);
    execute format('revoke delete, truncate on ledger_drifts from %I', role);
  end loop;
end $$;
