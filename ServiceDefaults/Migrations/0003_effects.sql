-- Irreversible acts: planned → running → succeeded | rejected | unknown → (probe) → planned | succeeded | rejected | held.
create table kernel.effects (
  id uuid primary key,
  tenant_id uuid not null,
  kind text not null,
  key text not null,
  intent jsonb not null,
  state text not null default 'planned' check (state in ('planned', 'running', 'unknown', 'succeeded', 'rejected', 'held', 'cancelled')),
  due_at timestamptz not null,
  lease_until timestamptz,
  leased_by text,
  attempts int not null default 0,
  probes int not null default 0,
  first_started_at timestamptz,
  reference text,
  detail text,
  traceparent text,
  planned_at timestamptz not null,
  settled_at timestamptz,
  unique (tenant_id, kind, key)
);
create index effects_due on kernel.effects (due_at) where state in ('planned', 'running', 'unknown');   -- the worker's claim
create index effects_held on kernel.effects (tenant_id, planned_at) where state = 'held';               -- the operator's list
select kernel.tenant_owned('kernel.effects');
select kernel.system_access('kernel.effects');

-- Tokens taken from a cap per window; taken and given back in the transaction that plans or rejects.
create table kernel.quotas (
  tenant_id uuid not null,
  name text not null,
  time_window text not null,
  used bigint not null check (used >= 0),
  primary key (tenant_id, name, time_window)
);
select kernel.tenant_owned('kernel.quotas');
select kernel.system_access('kernel.quotas');

create table kernel.effect_quotas (
  effect_id uuid not null references kernel.effects (id) on delete cascade,
  tenant_id uuid not null,
  name text not null,
  time_window text not null,
  amount bigint not null check (amount > 0),
  primary key (effect_id, name, time_window)
);
select kernel.tenant_owned('kernel.effect_quotas');
select kernel.system_access('kernel.effect_quotas');

-- One row: while halted, no effect of this service starts.
create table kernel.kill_switch (
  only_row boolean primary key default true check (only_row),
  halted boolean not null default false,
  actor text,
  reason text,
  changed_at timestamptz
);
insert into kernel.kill_switch default values;
