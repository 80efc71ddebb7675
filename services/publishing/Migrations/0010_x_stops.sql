-- What X stops, it stops for whoever posts with that account: the ban hangs on the account there, not on the one of ours that met it.
create table x_stops (
  account text primary key,
  state text not null check (state in ('active', 'stopped')),
  reason text not null,                          -- in the platform's words
  changed_at timestamptz not null
);
alter table x_accounts no force row level security;   -- the owner of the table reads every tenant's
insert into x_stops (account, state, reason, changed_at)
select distinct on (account) account, state, reason, changed_at from x_accounts order by account, state = 'stopped' desc, changed_at desc;
drop table x_accounts;
