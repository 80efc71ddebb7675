-- People. They belong to no tenant: one person may work for several. Only system work sees them.
create table users (
  id uuid primary key,
  email text not null check (email = lower(email)),
  password_hash text not null,
  created_at timestamptz not null,
  last_login_at timestamptz,
  unique (email)
);
alter table users enable row level security;
alter table users force row level security;
select kernel.system_access('users');

create table tenants (
  tenant_id uuid primary key,
  name text not null,
  tier text not null default 'free' check (tier in ('free', 'professional', 'enterprise')),
  time_zone text not null,
  is_active boolean not null default true,
  is_operator boolean not null default false,   -- the account that runs this installation
  created_at timestamptz not null
);
create unique index one_operator on tenants (is_operator) where is_operator;
select kernel.tenant_owned('tenants');
select kernel.system_access('tenants');

create table memberships (
  tenant_id uuid not null references tenants,
  user_id uuid not null references users,
  role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
  created_at timestamptz not null,
  primary key (tenant_id, user_id)
);
select kernel.tenant_owned('memberships');
select kernel.system_access('memberships');

-- Keys of programs. Only the SHA-256 is kept: with 24 random characters there is nothing to guess, so no slow hash is needed.
create table api_keys (
  id uuid primary key,
  tenant_id uuid not null references tenants,
  name text not null,
  key_hash bytea not null check (length(key_hash) = 32),
  last_four char(4) not null,
  role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
  created_by text not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  unique (key_hash)      -- the look-up of every call, and the collision check of a new key
);
select kernel.tenant_owned('api_keys');
select kernel.system_access('api_keys');
