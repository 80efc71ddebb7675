-- Outgoing events, committed with the state change they tell of. A dispatcher moves them to the bus and deletes them.
create table kernel.outbox (
  id uuid primary key,
  seq bigint generated always as identity,
  tenant_id uuid not null,
  type text not null,
  body text not null,
  traceparent text,
  created_at timestamptz not null
);
create index outbox_in_order on kernel.outbox (seq);   -- the dispatcher claims the oldest first

-- Messages that a handler has dealt with; the row commits with what the handler did.
create table kernel.inbox (
  queue text not null,
  message_id uuid not null,
  handled_at timestamptz not null default now(),
  primary key (queue, message_id)
);
create index inbox_by_age on kernel.inbox (handled_at);   -- old rows are swept after the broker can no longer redeliver
