-- Tracked links: the public code, where it leads, and the lineage that every click and conversion through it inherits. Never changed, never deleted.
create table links (
  code text collate "C" primary key check (code ~ '^[0-9A-Za-z]{8}$'),
  tenant_id uuid not null,
  link_key text not null,
  destination text not null check (destination ~ '^https?://'),
  publication_id uuid,
  piece_id uuid,
  product_id uuid,
  network text,
  niche text,
  platform text,
  prompt_version text,
  campaign text not null,
  created_at timestamptz not null,
  unique (tenant_id, link_key)   -- a repeated request finds the link made first
);
select kernel.tenant_owned('links');
select kernel.system_access('links');   -- a visitor has a code, not a tenant
