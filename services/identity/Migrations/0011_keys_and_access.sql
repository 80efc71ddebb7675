alter table api_keys
  add column scopes text[] not null default '{}',     -- "{area}:read" or "{area}:write"; empty allows all
  add column expires_at timestamptz,                  -- null: never
  add column replaced_by uuid references api_keys;    -- rotated: this one ends at expires_at

-- From where an account is used and how long its people stay signed in.
create table access_controls (
  id uuid primary key,
  tenant_id uuid not null references tenants,
  user_id uuid references users,                      -- for this person alone; null: for everyone and every key of the account
  control_type text not null check (control_type in ('ip_whitelist', 'session_timeout')),
  control_value text not null,                        -- networks in CIDR, comma-separated; or seconds
  is_active boolean not null default true,
  created_by text not null,
  created_at timestamptz not null
);
create index access_controls_in_force on access_controls (tenant_id) where is_active;   -- read at every authentication
select kernel.tenant_owned('access_controls');
select kernel.system_access('access_controls');
