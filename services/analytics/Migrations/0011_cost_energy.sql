-- Electricity that a cost stands for: GPUs tell it, most others do not.
alter table costs add column energy_joules bigint check (energy_joules >= 0);

create or replace view cost_lineage with (security_invoker = true) as
  select c.id, c.tenant_id, c.category, c.micros, c.currency, c.description, c.test, c.occurred_at, c.publication_id,
    coalesce(c.piece_id, u.piece_id) as piece_id,
    coalesce(c.product_id, p.product_id, u.product_id) as product_id,
    coalesce(c.niche, p.niche, u.niche) as niche,
    coalesce(c.platform, u.channel, p.platform) as platform,
    coalesce(c.prompt_version, p.prompt_version, u.prompt_version) as prompt_version,
    c.energy_joules
  from costs c
  left join publications u on u.id = c.publication_id
  left join pieces p on p.id = coalesce(c.piece_id, u.piece_id);
