-- The books: double entry, append-only. An entry is a fact about money; its lines sum to zero in each currency.
create table ledger_entries (
  id uuid primary key,                 -- of tenant and cause alone, so that books made anew carry the same ids
  tenant_id uuid not null,
  cause text not null,                 -- what is booked: stripe:charge:ch_1:captured, cost:…, conversion:…
  occurred_at timestamptz not null,    -- by whoever tells of it
  description text not null,
  test boolean not null,
  piece_id uuid,
  publication_id uuid,
  product_id uuid,
  niche text,
  platform text,
  prompt_version text,
  customer_id uuid,
  payment_id uuid,
  booked_at timestamptz not null,      -- ours; the only column that differs when the books are made anew
  unique (tenant_id, cause)            -- no cause books twice, for ever
);
create index ledger_entries_newest on ledger_entries (tenant_id, occurred_at desc, id desc);
create index ledger_entries_of_piece on ledger_entries (tenant_id, piece_id) where piece_id is not null;           -- the profit of one piece is one query
create index ledger_entries_of_payment on ledger_entries (tenant_id, payment_id) where payment_id is not null;
select kernel.tenant_owned('ledger_entries');

create table ledger_lines (
  entry_id uuid not null references ledger_entries,
  position smallint not null,
  tenant_id uuid not null,
  account text not null check (account ~ '^(cash|receivable|held|payable|revenue|fee|cost|fx):[a-z0-9_.-]+$'),
  currency char(3) not null,
  micros bigint not null check (micros <> 0),   -- debit positive, credit negative
  test boolean not null,
  occurred_at timestamptz not null,             -- the entry's, so that an account is listed by one index
  primary key (entry_id, position)
);
create index ledger_lines_of_account on ledger_lines (tenant_id, account, currency, occurred_at desc, entry_id desc);
select kernel.tenant_owned('ledger_lines');

-- What every account stands at: moved in the transaction that books, held against the lines by a check that never rests.
create table ledger_balances (
  tenant_id uuid not null,
  account text not null,
  currency char(3) not null,
  test boolean not null,
  debit_micros bigint not null check (debit_micros >= 0),
  credit_micros bigint not null check (credit_micros >= 0),
  lines bigint not null check (lines > 0),
  primary key (tenant_id, account, currency, test)
);
select kernel.tenant_owned('ledger_balances');

do $$
declare role text;
begin
  foreach role in array array[current_setting('empire.app_role'), current_setting('empire.system_role')] loop
    execute format('revoke update, delete, truncate on ledger_entries, ledger_lines from %I', role);
    execute format('revoke delete, truncate on ledger_balances from %I', role);
  end loop;
end $$;
select kernel.system_access('ledger_entries');
select kernel.system_access('ledger_lines');
select kernel.system_access('ledger_balances');
