-- Batches of calls that the gateway counted itself, of accounts without a monthly limit: one that is sent again, as its answer was lost, counts once.
create table call_batches (
  id uuid primary key,
  added_at timestamptz not null
);
create index call_batches_by_age on call_batches (added_at);   -- the sweep
alter table call_batches enable row level security;
alter table call_batches force row level security;
select kernel.system_access('call_batches');
