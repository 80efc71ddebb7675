-- A transfer's fee was stored and not booked. Transfers that are stored are taken in anew: what is booked of them stands once, and the fee comes beside it (0153).
alter table provider_events no force row level security;   -- the owner of the tables reads and writes what belongs to no account
alter table provider_tasks no force row level security;
insert into provider_tasks (provider, task, subject, object_key, occurred_at, due_at)
select provider, 'settle', event_id, object_key, occurred_at, now() from provider_events where provider = 'flutterwave' and kind = 'fetched:transfer'
on conflict do nothing;
alter table provider_tasks force row level security;
alter table provider_events force row level security;
