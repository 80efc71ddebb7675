-- What the providers told us, word for word: by webhook, in their lists, or when asked. It belongs to the installation until it is known whose money it speaks of, and it is
-- never changed, so that every balance can be made anew from it.
create table provider_events (
  provider text not null check (provider in ('stripe', 'flutterwave', 'nowpayments')),
  event_id text not null,                -- the provider's; made of its content where it gives none
  kind text not null,                    -- payment_intent.succeeded, charge.completed, fetched:refund
  object_key text not null,              -- what it speaks of: events of one object are taken one after the other
  occurred_at timestamptz not null,      -- by the provider
  body text not null,                    -- as it came
  source text not null check (source in ('webhook', 'reconciled', 'fetched')),
  received_at timestamptz not null,
  primary key (provider, event_id)       -- however often it is told, for ever
);
create index provider_events_of_object on provider_events (provider, object_key);
alter table provider_events enable row level security;
alter table provider_events force row level security;
select kernel.system_access('provider_events');

-- What is still to be done about them. The row goes when it is done.
create table provider_tasks (
  id bigint generated always as identity primary key,
  provider text not null,
  task text not null check (task in ('settle', 'fetch')),   -- take an event's facts in; ask the provider for an object
  subject text not null,                                    -- an event_id; or a path such as balance_transaction/txn_…
  object_key text not null,
  occurred_at timestamptz not null,
  due_at timestamptz not null,
  attempts int not null default 0,
  first_tried_at timestamptz,
  problem text,
  parked boolean not null default false,                    -- given up: a person looks
  unique (provider, task, subject)
);
create index provider_tasks_due on provider_tasks (due_at, id) where not parked;
create index provider_tasks_of_object on provider_tasks (provider, object_key, occurred_at);
alter table provider_tasks enable row level security;
alter table provider_tasks force row level security;
select kernel.system_access('provider_tasks');

-- How far the providers' own lists have been read.
create table reconciled_until (
  provider text primary key,
  until timestamptz not null
);
alter table reconciled_until enable row level security;
alter table reconciled_until force row level security;
select kernel.system_access('reconciled_until');

do $$
declare role text;
begin
  foreach role in array array[current_setting('empire.app_role'), current_setting('empire.system_role')] loop
    execute format('revoke update, delete, truncate on provider_events from %I', role);
  end loop;
end $$;
