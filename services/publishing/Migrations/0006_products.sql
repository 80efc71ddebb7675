-- What an account offers of its own: written from a niche, then changed by people. The tier's count is kernel.tenant_resources, taken and given back with these rows.
create table products (
  id uuid primary key,
  tenant_id uuid not null,
  request_key text check (length(request_key) between 1 and 255),   -- a repeat of the request finds the product that the first one made
  user_id text not null,
  niche text not null check (length(niche) between 1 and 200),
  product_type text not null check (product_type in ('course', 'coaching', 'template', 'guide', 'tool')),
  title text not null check (length(title) between 1 and 200),
  description text not null check (description <> ''),
  price_micros bigint not null check (price_micros >= 0),
  currency char(3) not null,
  features text[] not null,
  seo_title text not null,
  meta_description text not null,
  slug text not null,
  keywords text[] not null,
  piece_id uuid not null,                        -- content's piece that it was made from
  prompt_version text not null,
  test boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (tenant_id, request_key)
);
create index products_newest on products (tenant_id, id desc);            -- the API's list; ids are in order of time
create index products_by_niche on products (tenant_id, niche, id desc);   -- a niche's list, and its titles for the next product
select kernel.tenant_owned('products');
