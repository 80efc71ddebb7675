-- What someone should look at. Written with the state that gave rise to it; never changed.
create table security_events (
  id uuid primary key,
  tenant_id uuid not null,
  at timestamptz not null,
  kind text not null,                -- as credential-aged
  entity_id text,
  detail text not null,              -- for people; no secret
  details jsonb
);
create index security_events_listed on security_events (tenant_id, at desc, id desc);
select kernel.tenant_owned('security_events');
select kernel.system_access('security_events');

-- Secrets of stores, platforms and networks, each under a data key of its own, which the installation's key wraps: changing that one re-wraps small keys and
-- touches no value.
create table credentials (
  id uuid primary key,
  tenant_id uuid not null references tenants,
  name text not null,
  provider text not null,
  class text not null check (class in ('llm', 'gateway', 'platform')),
  wrapped_key text not null,         -- the data key, sealed by the installation's
  sealed_value text not null,        -- the value, sealed by the data key
  key_id text not null,              -- the installation's key that wraps now
  last_four text not null,
  created_by text not null,
  created_at timestamptz not null,
  set_at timestamptz not null,       -- the age counts from here
  last_used_at timestamptz,
  aged_at timestamptz,               -- when it was said that this value is past its age; null again with a new value
  unique (tenant_id, provider, name)
);
create index credentials_by_key on credentials (key_id, id);   -- re-wrapping after a rotation
create index credentials_by_age on credentials (set_at) where aged_at is null;
select kernel.tenant_owned('credentials');
select kernel.system_access('credentials');

-- How often a credential was opened on each day (UTC).
create table credential_uses (
  credential_id uuid not null references credentials on delete cascade,
  tenant_id uuid not null,
  day date not null,
  uses bigint not null,
  jumped boolean not null default false,   -- it was said already
  primary key (credential_id, day)
);
select kernel.tenant_owned('credential_uses');
select kernel.system_access('credential_uses');
