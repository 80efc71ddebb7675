-- Of a charge that was settled in another currency, what went back and what was disputed moved that other currency too; it was booked in the payer's alone. What is stored of them is taken in anew: what is booked stands once,
-- the change of currency comes beside it (0153, 0156).
alter table provider_events no force row level security;   -- the owner of the tables reads and writes what belongs to no account
alter table provider_tasks no force row level security;
alter table payments no force row level security;
alter table ledger_entries no force row level security;
insert into provider_tasks (provider, task, subject, object_key, occurred_at, due_at)
select e.provider, 'settle', e.event_id, e.object_key, e.occurred_at, now() from provider_events e
where e.provider = 'stripe' and (e.kind in ('refund.created', 'refund.updated', 'refund.failed', 'charge.refund.updated', 'fetched:refund', 'fetched:dispute') or e.kind like 'charge.dispute.%')
  and exists (
    select from payments p join ledger_entries l on l.tenant_id = p.tenant_id and l.payment_id = p.id and l.cause like 'stripe:movement:%:exchange'
    where p.provider = 'stripe' and e.object_key in (p.provider_ref, p.charge_ref))
on conflict do nothing;
alter table ledger_entries force row level security;
alter table payments force row level security;
alter table provider_tasks force row level security;
alter table provider_events force row level security;
