-- Irreversible acts: planned → running → succeeded | rejected | unknown → (probe) → planned | succeeded | rejected | held.
create table kernel.effects (
  id uuid primary key,
  tenant_id uuid not null,
  kind text not null,
  key text not null,
  intent jsonb not null,
  state text not null default 'planned' check (state in ('planned', 'running', 'unknown', 'succeeded', 'rejected', 'held', 'cancelled')),
  due_at timestamptz not null,                       -- planned: not before; unknown: the next probe
  lease_until timestamptz,                           -- a worker is at it until then; past it, any worker may take over
  leased_by text,
  attempts int not null default 0,                   -- performs begun; also the number that tells a late answer from a current one
  attempts_forgiven int not null default 0,          -- performs before the last "not done" of a person: they no longer count against the limit
  probes int not null default 0,                     -- probes begun; tells a late probe from a current one
  failed_probes int not null default 0,              -- in a row, since the outcome became unknown
  first_started_at timestamptz,
  answer jsonb,                                      -- what the provider said, where recording it failed: it is not asked again
  reference text,
  detail text,
  traceparent text,
  planned_at timestamptz not null,
  settled_at timestamptz,
  unique (tenant_id, kind, key)
);
create index effects_planned on kernel.effects (tenant_id, due_at) where state = 'planned';              -- the fair claim goes tenant by tenant
create index effects_unknown on kernel.effects (due_at) where state = 'unknown';                         -- probes
create index effects_running on kernel.effects (lease_until) where state = 'running';                    -- take-over of abandoned ones
create index effects_listed on kernel.effects (tenant_id, state, planned_at desc, id desc);              -- the operator's list
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

-- What people decided about held effects.
create table kernel.effect_verdicts (
  id uuid primary key,
  effect_id uuid not null references kernel.effects (id) on delete cascade,
  tenant_id uuid not null,
  actor text not null,
  verdict text not null check (verdict in ('done', 'not_done', 'reject')),
  reference text,
  reason text not null,
  given_at timestamptz not null
);
create index effect_verdicts_of on kernel.effect_verdicts (effect_id);
select kernel.tenant_owned('kernel.effect_verdicts');

-- The kill switch: the last row says whether effects of this service may start; the rows before it say who turned it and why.
create table kernel.effect_switch (
  id bigint generated always as identity primary key,
  halted boolean not null,
  actor text not null,
  reason text,
  changed_at timestamptz not null
);
create function kernel.effects_halted() returns boolean language sql stable
  return coalesce((select halted from kernel.effect_switch order by id desc limit 1), false);
