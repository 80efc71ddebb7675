-- One row per click, written before the visitor is sent on. Partitioned by UTC day; the id is a UUIDv7 of exactly occurred_at, so a look-up by id
-- alone knows its partition.
create table clicks (
  id uuid not null,
  tenant_id uuid not null,
  link_code text collate "C" not null,   -- no foreign key: links are never deleted, and the check would double the cost of a click
  occurred_at timestamptz not null,
  batch_id bigint not null,
  agent text not null check (agent in ('desktop', 'mobile', 'tablet', 'bot', 'unknown')),
  visitor bigint,                        -- pseudonym within one day; null where the day's salt was out of reach
  referrer text,                         -- host only
  primary key (id, occurred_at)
) partition by range (occurred_at);
select kernel.tenant_owned('clicks');
select kernel.system_access('clicks');   -- one commit stores the clicks of many tenants

-- One row per commit of clicks, until its clicks are announced: counted per day, and told to the other services.
create table click_batches (
  id bigint generated always as identity primary key,
  first_click uuid not null,
  last_click uuid not null,
  first_at timestamptz not null,
  last_at timestamptz not null
);
alter table click_batches enable row level security;
select kernel.system_access('click_batches');

-- What the reports count, so that they need not read the clicks. Bots are kept apart.
create table click_counts (
  tenant_id uuid not null,
  link_code text collate "C" not null references links (code),
  day date not null,
  clicks bigint not null default 0,
  bots bigint not null default 0,
  primary key (tenant_id, day, link_code)
);
select kernel.tenant_owned('click_counts');
select kernel.system_access('click_counts');

-- The salt of each day's visitor pseudonyms. Deleted two days later; from then on nobody can tell who a pseudonym was.
create table visitor_salts (
  day date primary key,
  salt bytea not null
);
alter table visitor_salts enable row level security;
select kernel.system_access('visitor_salts');
