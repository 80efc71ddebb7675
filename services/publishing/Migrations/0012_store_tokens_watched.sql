-- How old the token of a store is, and how much it is used.
alter table product_stores add column set_at timestamptz not null default now();   -- of this token; the age counts from here. A replica of the version before does not name it
alter table product_stores add column last_used_at timestamptz;
alter table product_stores add column aged_at timestamptz;            -- when it was said that this token is past its age; null again with a new one
alter table product_stores no force row level security;               -- the owner of the table changes rows of every account
update product_stores set set_at = created_at;                        -- when a token was replaced since was not kept: told too early rather than too late
alter table product_stores force row level security;
create index product_stores_by_age on product_stores (set_at) where aged_at is null;

-- How often a token was used on each day (UTC).
create table store_token_uses (
  credential_id uuid not null references product_stores (id) on delete cascade,
  tenant_id uuid not null,
  day date not null,
  uses bigint not null,
  jumped boolean not null default false,   -- it was said already
  primary key (credential_id, day)
);
select kernel.tenant_owned('store_token_uses');
select kernel.system_access('store_token_uses');
