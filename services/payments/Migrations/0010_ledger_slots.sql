-- A busy account is one row that every booking moves: its writers would queue behind each other's commits, and a group of bookings could wait for another in a ring.
-- So a transaction that books owns a slot alone until it ends, and moves only the rows of its slot. What an account stands at is the sum over the slots.
alter table ledger_balances drop constraint ledger_balances_pkey;
alter table ledger_balances add column slot smallint not null;
alter table ledger_balances add primary key (tenant_id, account, currency, test, slot);
alter table ledger_balances set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);   -- the same rows again and again, in place

-- The lowest slot that no other transaction owns; the same one until this transaction (or the savepoint that took it) ends.
create function ledger_slot() returns smallint language plpgsql volatile as $$
declare mine text := current_setting('empire.ledger_slot', true);
begin
  if mine <> '' then return mine::smallint; end if;
  for slot in 0..255 loop
    if pg_try_advisory_xact_lock(20261121, slot) then
      perform set_config('empire.ledger_slot', slot::text, true);
      return slot;
    end if;
  end loop;
  raise exception 'more than 256 transactions book at the same time';
end $$;

-- Which transaction wrote a line: what is older than every running one is checked once and not looked at again.
alter table ledger_lines add column written_by bigint not null default pg_current_xact_id()::text::bigint;   -- xid8 has no brin
create index ledger_lines_written on ledger_lines using brin (written_by) with (pages_per_range = 32, autosummarize = on);

-- Lists of an account are newest first whatever the currency.
drop index ledger_lines_of_account;
create index ledger_lines_of_account on ledger_lines (tenant_id, account, occurred_at desc, entry_id desc);
