-- One blog per tenant. The first answers on every host that no other claims: '*'.
create table sites (
  tenant_id uuid primary key,
  host text not null unique,
  name text not null,
  description text not null,
  created_at timestamptz not null
);
select kernel.tenant_owned('sites');
select kernel.system_access('sites');           -- a reader brings a host, not a tenant

-- What a site shows: everything needed to draw a page is in its row.
create table pages (
  id uuid primary key references publications (id),
  tenant_id uuid not null,
  kind text not null check (kind in ('post', 'recipe')),
  slug text not null,
  title text not null,
  description text not null,
  niche text,
  minutes int not null check (minutes >= 0),     -- to read, or from start to table
  document jsonb not null,                       -- the piece as content checked it
  product jsonb,
  link_code text,
  product_image text,
  test boolean not null,
  published_at timestamptz not null,
  updated_at timestamptz not null,
  unique (tenant_id, kind, slug),
  check ((product is null) = (link_code is null))
);
create index pages_newest on pages (tenant_id, published_at desc, id desc);   -- front page, lists, feed
create index pages_by_niche on pages (tenant_id, niche, published_at desc);   -- a niche's list and "more on"
select kernel.tenant_owned('pages');

-- Product pictures, fetched once and served by us, so that a page loads nothing from elsewhere.
create table media (
  tenant_id uuid not null,
  name text not null,                            -- {sha256}.{extension}
  content_type text not null,
  content bytea not null,
  source_url text not null,
  fetched_at timestamptz not null,
  primary key (tenant_id, name)
);
create index media_by_source on media (tenant_id, source_url);                -- a picture is fetched once
select kernel.tenant_owned('media');
