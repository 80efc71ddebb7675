-- Every call to a language model, written before it goes out, so that a crash cannot lose its cost.
create table llm_calls (
  id uuid primary key,                                      -- also the cost_id of CostIncurred
  tenant_id uuid not null,
  piece_id uuid not null references pieces (id),
  provider text not null,
  model text not null,
  state text not null check (state in ('reserved', 'settled', 'released', 'lost')),
  outcome text,                                             -- settled: accepted, rejected, refused
  reserved_micros bigint not null check (reserved_micros >= 0),
  cost_micros bigint check (cost_micros >= 0),              -- lost: booked at what was reserved, because nobody knows
  input_tokens int,
  output_tokens int,
  budget_day date not null,
  test boolean not null,
  reserved_at timestamptz not null,
  settled_at timestamptz,
  check ((state = 'reserved') = (settled_at is null)),
  check ((state in ('settled', 'lost')) = (cost_micros is not null))
);
create index llm_calls_of_piece on llm_calls (tenant_id, piece_id);
select kernel.tenant_owned('llm_calls');

-- What a tenant's day has spent, and what calls under way may still spend. The row is locked by whoever adds to it.
create table budget_days (
  tenant_id uuid not null,
  day date not null,
  spent_micros bigint not null default 0 check (spent_micros >= 0),
  reserved_micros bigint not null default 0 check (reserved_micros >= 0),
  primary key (tenant_id, day)
);
select kernel.tenant_owned('budget_days');

-- When the last calls under one provider's key start. It belongs to the installation, not to a tenant: the provider counts by key.
create table provider_windows (
  key text primary key,
  starts timestamptz[] not null
);
