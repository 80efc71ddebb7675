-- What holds for the whole installation, and whom it lets in. Only system work sees them: no account's transaction may.
create table installation_settings (
  name text primary key,
  value jsonb not null,
  changed_by text not null,
  changed_at timestamptz not null
);
alter table installation_settings enable row level security;
alter table installation_settings force row level security;
select kernel.system_access('installation_settings');

create table invite_codes (
  id uuid primary key,
  tenant_id uuid not null references tenants,      -- of the one who invites
  code char(32) not null unique,                   -- base64url of the first 24 bytes of the code's SHA-256: the code itself is shown once
  code_prefix char(4) not null,                    -- to tell codes apart in a list
  email text check (email = lower(email)),         -- made out to this address alone
  role text check (role in ('admin', 'member', 'viewer')),   -- joins the inviter's account with it; null: only an account of their own
  created_by text not null,
  used_by uuid references users,                   -- the last one
  uses_remaining int not null default 1 check (uses_remaining between 0 and 100),
  expires_at timestamptz,                          -- null: never
  is_active boolean not null default true,
  created_at timestamptz not null,
  used_at timestamptz
);
select kernel.tenant_owned('invite_codes');
select kernel.system_access('invite_codes');
