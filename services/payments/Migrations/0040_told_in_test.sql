-- Whether it was told in test mode: kept as it was heard, for the key of that day is not that of today (0162). Null: stored before this was kept; then its words say it, or the payment that it is of.
alter table provider_events add column test boolean;

-- Flutterwave's words about a transfer say nothing of it, and it is of no payment: as the books have it.
alter table provider_events no force row level security;   -- the owner of the tables reads and writes what belongs to no account, or to any
alter table ledger_entries no force row level security;
update provider_events e set test = exists (select from ledger_entries l where l.cause = 'flutterwave:payout:' || e.object_key and l.test) where e.provider = 'flutterwave' and e.kind = 'fetched:transfer';
alter table ledger_entries force row level security;
alter table provider_events force row level security;
