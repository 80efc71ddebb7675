-- What content and publishing told of their pieces; the lineage that a cost or a link may lack itself.
create table pieces (
  id uuid primary key,
  tenant_id uuid not null,
  batch_id uuid,
  kind text not null,
  title text not null,
  product_id uuid,
  niche text,
  platform text not null,
  prompt_version text not null,
  test boolean not null,
  generated_at timestamptz not null
);
create index pieces_by_time on pieces (tenant_id, generated_at);
select kernel.tenant_owned('pieces');

create table publications (
  id uuid primary key,
  tenant_id uuid not null,
  piece_id uuid not null,
  channel text not null,
  url text not null,
  product_id uuid,
  niche text,
  prompt_version text not null,
  test boolean not null,
  published_at timestamptz not null
);
select kernel.tenant_owned('publications');

create table costs (
  id uuid primary key,
  tenant_id uuid not null,
  category text not null,
  micros bigint not null check (micros >= 0),
  currency char(3) not null,
  piece_id uuid,
  publication_id uuid,
  product_id uuid,
  niche text,
  platform text,
  prompt_version text,
  description text not null,
  test boolean not null,
  occurred_at timestamptz not null
);
create index costs_by_time on costs (tenant_id, occurred_at);   -- reports read a period
create index costs_by_piece on costs (piece_id);   -- whether a batch's costs have all arrived
select kernel.tenant_owned('costs');

-- Costs and conversions with their lineage completed. Events arrive in any order, so this is done when reading.
create view cost_lineage with (security_invoker = true) as
  select c.id, c.tenant_id, c.category, c.micros, c.currency, c.description, c.test, c.occurred_at, c.publication_id,
    coalesce(c.piece_id, u.piece_id) as piece_id,
    coalesce(c.product_id, p.product_id, u.product_id) as product_id,
    coalesce(c.niche, p.niche, u.niche) as niche,
    coalesce(c.platform, u.channel, p.platform) as platform,
    coalesce(c.prompt_version, p.prompt_version, u.prompt_version) as prompt_version
  from costs c
  left join publications u on u.id = c.publication_id
  left join pieces p on p.id = coalesce(c.piece_id, u.piece_id);

create view conversion_lineage with (security_invoker = true) as
  select v.id, v.tenant_id, v.network, v.network_conversion_id, v.click_id, v.link_code, v.sale_micros, v.commission_micros, v.currency, v.test,
    v.occurred_at, v.recorded_at, v.reversed_at, v.publication_id,
    coalesce(v.piece_id, u.piece_id) as piece_id,
    coalesce(v.product_id, p.product_id, u.product_id) as product_id,
    coalesce(v.niche, p.niche, u.niche) as niche,
    coalesce(v.platform, u.channel, p.platform) as platform,
    coalesce(v.prompt_version, p.prompt_version, u.prompt_version) as prompt_version
  from conversions v
  left join publications u on u.id = v.publication_id
  left join pieces p on p.id = coalesce(v.piece_id, u.piece_id);

create view link_lineage with (security_invoker = true) as
  select l.code, l.tenant_id, l.publication_id,
    coalesce(l.piece_id, u.piece_id) as piece_id,
    coalesce(l.product_id, p.product_id, u.product_id) as product_id,
    coalesce(l.niche, p.niche, u.niche) as niche,
    coalesce(l.platform, u.channel, p.platform) as platform,
    coalesce(l.prompt_version, p.prompt_version, u.prompt_version) as prompt_version
  from links l
  left join publications u on u.id = l.publication_id
  left join pieces p on p.id = coalesce(l.piece_id, u.piece_id);

-- The figures as they stood when a batch asked for them, kept under the batch.
create table return_snapshots (
  tenant_id uuid not null,
  batch_id uuid not null,
  computed_at timestamptz not null,
  primary key (tenant_id, batch_id)
);
select kernel.tenant_owned('return_snapshots');

create table return_snapshot_rows (
  tenant_id uuid not null,
  batch_id uuid not null,
  dimension text not null check (dimension in ('product', 'niche', 'platform', 'prompt_version')),
  value text not null,
  currency char(3) not null,
  cost_micros bigint not null,
  revenue_micros bigint not null,
  clicks bigint not null,
  conversions bigint not null,
  primary key (tenant_id, batch_id, dimension, value, currency),
  foreign key (tenant_id, batch_id) references return_snapshots (tenant_id, batch_id)
);
select kernel.tenant_owned('return_snapshot_rows');
