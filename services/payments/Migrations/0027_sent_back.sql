-- Coins that were sent back: of which addresses of a payment, and when, so that what comes in later is known to have gone.
alter table payments add column sent_back jsonb not null default '{}';

-- What was sent back was booked as the whole price, whatever had come. Those events are taken in anew: they take that back and book what had come (0153).
alter table provider_events no force row level security;   -- the owner of the tables reads and writes what belongs to no account, or to any
alter table provider_tasks no force row level security;
alter table payments no force row level security;
alter table refunds no force row level security;
insert into provider_tasks (provider, task, subject, object_key, occurred_at, due_at)
select provider, 'settle', event_id, object_key, occurred_at, now() from provider_events where provider = 'nowpayments' and kind = 'payment.refunded'
on conflict do nothing;
delete from refunds r using payments p where p.id = r.payment_id and r.provider = 'nowpayments' and p.captured_at is null;   -- nothing had been paid
alter table refunds force row level security;
alter table payments force row level security;
alter table provider_tasks force row level security;
alter table provider_events force row level security;
