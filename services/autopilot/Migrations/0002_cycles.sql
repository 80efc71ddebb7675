create table cycles (
  id uuid primary key,
  tenant_id uuid not null,
  day date not null,                            -- of the owner's calendar: what a day made is not made again
  source text not null,                         -- 'networks', or 'feed:' and the file's hash
  feed_id uuid references feeds,
  state text not null check (state in ('queued', 'running', 'paused', 'cancelled', 'completed', 'failed')),
  trigger text not null check (trigger in ('manual', 'schedule')),
  plan jsonb not null,
  requested_by text not null,
  created_at timestamptz not null,
  finished_at timestamptz,
  error text
);
create unique index one_scheduled_cycle_a_day on cycles (tenant_id, day) where trigger = 'schedule';
create index cycles_newest on cycles (tenant_id, id desc);
create index cycles_open on cycles (state) where state in ('queued', 'running');   -- admission and the runner's claim
select kernel.tenant_owned('cycles');
select kernel.system_access('cycles');

create table cycle_steps (
  cycle_id uuid not null references cycles,
  ordinal int not null,
  tenant_id uuid not null,
  name text not null,
  state text not null default 'pending' check (state in ('pending', 'running', 'waiting', 'succeeded', 'failed', 'cancelled')),
  attempts int not null default 0,
  due_at timestamptz not null,
  leased_by text,
  lease_until timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  evidence jsonb,
  error text,
  primary key (cycle_id, ordinal)
);
select kernel.tenant_owned('cycle_steps');
select kernel.system_access('cycle_steps');

-- What each attempt came to, for the reader of the history.
create table cycle_attempts (
  cycle_id uuid not null references cycles,
  ordinal int not null,
  number int not null,
  tenant_id uuid not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  outcome text check (outcome in ('succeeded', 'failed', 'lost')),
  error text,
  primary key (cycle_id, ordinal, number)
);
select kernel.tenant_owned('cycle_attempts');
select kernel.system_access('cycle_attempts');

-- The ranked candidates of a cycle; those with a place were selected.
create table cycle_products (
  cycle_id uuid not null references cycles,
  product_id uuid not null references products,
  tenant_id uuid not null,
  rank int not null,
  score numeric(8, 4) not null,
  components jsonb not null,
  selected boolean not null default false,
  primary key (cycle_id, product_id)
);
select kernel.tenant_owned('cycle_products');

create table cycle_pieces (
  cycle_id uuid not null references cycles,
  request_key text not null,
  tenant_id uuid not null,
  product_id uuid not null references products,
  kind text not null,
  piece_id uuid,
  state text not null default 'planned',
  requested_at timestamptz not null,
  primary key (cycle_id, request_key)
);
create index pieces_of_product on cycle_pieces (tenant_id, product_id, requested_at);   -- the rest a product gets between two days of attention
select kernel.tenant_owned('cycle_pieces');

create table cycle_publications (
  cycle_id uuid not null references cycles,
  piece_id uuid not null,
  channel text not null,
  tenant_id uuid not null,
  publication_id uuid,
  state text not null default 'planned',
  refusal text,
  primary key (cycle_id, piece_id, channel)
);
select kernel.tenant_owned('cycle_publications');

-- When each tenant's next daily cycle starts, in the tenant's own calendar.
create table schedules (
  tenant_id uuid primary key,
  time_zone text not null,
  next_day date not null,
  is_enabled boolean not null default true
);
select kernel.tenant_owned('schedules');
select kernel.system_access('schedules');
