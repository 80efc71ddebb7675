-- The reconciler asks for what may still change and no webhook may tell of: those that are the longest overdue first, so many a turn.
alter table payments
  add column asked_at timestamptz,                          -- when the provider was last asked where it stands
  add column further_refs text[] not null default '{}';     -- of a payment in coins: addresses beside the first, which may be paid too
alter table refunds add column asked_at timestamptz;
drop index payments_open;
create index payments_unsettled on payments (provider, created_at) where provider <> 'stripe';
create index refunds_unsettled on refunds (provider, created_at) where status = 'pending';

-- Flutterwave's words about a payment, whichever of its pages they speak of: tx_…, tx_…-2 and so on, however many there are.
create index provider_events_of_pages on provider_events (split_part(object_key, '-', 1)) where provider = 'flutterwave';
