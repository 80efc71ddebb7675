-- What all accounts but the operator's have spent on models together on a day: the keys are the operator's, and accounts cost nothing to open.
create table others_budget_days (
  day date primary key,
  spent_micros bigint not null default 0 check (spent_micros >= 0),
  reserved_micros bigint not null default 0 check (reserved_micros >= 0)
);
alter table llm_calls add column others boolean not null default false;     -- whether the call counts there too

-- What a person must look at, each thing once a day.
create table alerts (
  id uuid primary key,
  tenant_id uuid not null,
  day date not null,
  severity text not null check (severity in ('high', 'medium', 'low')),
  subject text not null,                         -- daily-budget, daily-budget-of-others
  message text not null,
  raised_at timestamptz not null,
  unique (tenant_id, subject, day)
);
create index alerts_newest on alerts (tenant_id, id desc);
select kernel.tenant_owned('alerts');

-- How often a worker that held the piece has died over it; claims count every taking, those that were handed back unharmed too.
alter table pieces add column abandoned int not null default 0 check (abandoned >= 0);
