-- Which campaign a link, a sale or a cost belongs to; what is older, and most of what is not, belongs to none.
alter table links add column campaign_id uuid;
alter table conversions add column campaign_id uuid;
alter table costs add column campaign_id uuid;

create or replace view cost_lineage with (security_invoker = true) as
  select c.id, c.tenant_id, c.category, c.micros, c.currency, c.description, c.test, c.occurred_at, c.publication_id,
    coalesce(c.piece_id, u.piece_id) as piece_id,
    coalesce(c.product_id, p.product_id, u.product_id) as product_id,
    coalesce(c.niche, p.niche, u.niche) as niche,
    coalesce(c.platform, u.channel, p.platform) as platform,
    coalesce(c.prompt_version, p.prompt_version, u.prompt_version) as prompt_version,
    c.energy_joules, c.campaign_id
  from costs c
  left join publications u on u.id = c.publication_id
  left join pieces p on p.id = coalesce(c.piece_id, u.piece_id);

create or replace view conversion_lineage with (security_invoker = true) as
  select v.id, v.tenant_id, v.network, v.network_conversion_id, v.click_id, v.link_code, v.sale_micros, v.commission_micros, v.currency, v.test,
    v.occurred_at, v.recorded_at, v.reversed_at, v.publication_id,
    coalesce(v.piece_id, u.piece_id) as piece_id,
    coalesce(v.product_id, p.product_id, u.product_id) as product_id,
    coalesce(v.niche, p.niche, u.niche) as niche,
    coalesce(v.platform, u.channel, p.platform) as platform,
    coalesce(v.prompt_version, p.prompt_version, u.prompt_version) as prompt_version,
    v.campaign_id
  from conversions v
  left join publications u on u.id = v.publication_id
  left join pieces p on p.id = coalesce(v.piece_id, u.piece_id);

create or replace view link_lineage with (security_invoker = true) as
  select l.code, l.tenant_id, l.publication_id,
    coalesce(l.piece_id, u.piece_id) as piece_id,
    coalesce(l.product_id, p.product_id, u.product_id) as product_id,
    coalesce(l.niche, p.niche, u.niche) as niche,
    coalesce(l.platform, u.channel, p.platform) as platform,
    coalesce(l.prompt_version, p.prompt_version, u.prompt_version) as prompt_version,
    l.campaign_id
  from links l
  left join publications u on u.id = l.publication_id
  left join pieces p on p.id = coalesce(l.piece_id, u.piece_id);
