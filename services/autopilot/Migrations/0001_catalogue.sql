-- Products that can be advertised: from affiliate networks, or from the owner's own feed (network 'own').
create table products (
  id uuid primary key,
  tenant_id uuid not null,
  network text not null,
  external_id text not null,
  name text not null,
  brand text not null,
  niche text not null,
  price_micros bigint not null check (price_micros > 0),
  currency char(3) not null,
  url text not null,
  image_url text,
  description text not null,
  features text[] not null,
  rating numeric(3, 2) check (rating between 0 and 5),
  review_count int not null default 0 check (review_count >= 0),
  commission_rate numeric(6, 5) not null check (commission_rate between 0 and 1),
  conversion_rate numeric(6, 5) check (conversion_rate between 0 and 1),
  trend numeric(6, 3) check (trend between 0 and 100),
  competition numeric(6, 3) check (competition between 0 and 100),
  in_stock boolean not null default true,
  first_seen_at timestamptz not null,
  updated_at timestamptz not null,
  unique (tenant_id, network, external_id)     -- a repeated fetch updates, never doubles
);
select kernel.tenant_owned('products');

create table feeds (
  id uuid primary key,
  tenant_id uuid not null,
  content_hash text not null,
  accepted int not null,
  rejected int not null,
  rejections jsonb not null,
  created_at timestamptz not null,
  unique (tenant_id, content_hash)              -- the same file is the same feed
);
select kernel.tenant_owned('feeds');

create table feed_products (
  feed_id uuid not null references feeds,
  tenant_id uuid not null,
  product_id uuid not null references products,
  primary key (feed_id, product_id)
);
select kernel.tenant_owned('feed_products');
