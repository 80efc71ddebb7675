-- A payout that the bank sent back was stored and meant nothing. What is stored of them is taken in after all, so that the books and what the log makes of them agree.
alter table provider_events no force row level security;   -- the owner of the tables reads and writes what belongs to no account
alter table provider_tasks no force row level security;
insert into provider_tasks (provider, task, subject, object_key, occurred_at, due_at)
select provider, 'settle', event_id, object_key, occurred_at, now() from provider_events where provider = 'stripe' and kind = 'payout.failed'
on conflict do nothing;
alter table provider_tasks force row level security;
alter table provider_events force row level security;
