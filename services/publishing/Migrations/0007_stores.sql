-- Stores that an account runs elsewhere. The credentials are sealed; what was sold is copied from the platform with each sync.
create table product_stores (
  id uuid primary key,
  tenant_id uuid not null,
  user_id text not null,
  platform text not null check (platform in ('shopify', 'gumroad', 'stripe')),
  platform_id text not null,                       -- the platform's own id of the store: connected twice it is one store
  store_name varchar(255) not null,
  store_url varchar(500),
  api_credentials text not null,                   -- sealed; see Stores/StoreSecret.cs
  currency char(3) not null,                       -- the store's own
  monthly_revenue_micros bigint not null default 0,                     -- of the 30 days before the last sync, less refunds
  total_products int not null default 0 check (total_products >= 0),
  abandoned_checkouts int check (abandoned_checkouts >= 0),             -- of the same days; null: the platform does not tell
  completed_checkouts int check (completed_checkouts >= 0),
  is_active boolean not null default true,         -- false once the platform refused the credentials
  failure text,                                    -- of the last sync; null when it went well
  test boolean not null,
  synced_at timestamptz,                           -- when the last good sync began; null before the first
  created_at timestamptz not null,
  unique (tenant_id, platform, platform_id),
  check ((abandoned_checkouts is null) = (completed_checkouts is null))
);
select kernel.tenant_owned('product_stores');

create table store_orders (
  store_id uuid not null references product_stores (id) on delete cascade,
  tenant_id uuid not null,
  platform_id text not null,
  placed_at timestamptz not null,
  currency char(3) not null,
  paid_micros bigint not null check (paid_micros >= 0),
  refunded_micros bigint not null check (refunded_micros >= 0),
  customer text,                                   -- hashed under a key sealed with the store's credentials: the same buyer is recognised, and not known
  primary key (store_id, platform_id)
);
create index store_orders_by_time on store_orders (tenant_id, store_id, placed_at);   -- the window of analytics
select kernel.tenant_owned('store_orders');
