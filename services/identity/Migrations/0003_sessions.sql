-- Who is signed in. The row is the session: deleting it ends it everywhere, at once. Only the SHA-256 of the cookie is kept.
create table sessions (
  id uuid primary key,
  tenant_id uuid not null references tenants,
  user_id uuid not null references users on delete cascade,
  token_hash bytea not null check (length(token_hash) = 32),
  address text,
  agent text,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,   -- to the minute; to the second in Redis
  expires_at timestamptz not null,     -- however busy it is
  unique (token_hash)                  -- the look-up of every request of a browser
);
create index sessions_by_user on sessions (user_id);
create index sessions_by_expiry on sessions (expires_at);   -- the sweep
select kernel.tenant_owned('sessions');
select kernel.system_access('sessions');

-- Tries to sign in, counted by address whether or not somebody has it: what is locked tells nothing about who exists.
create table sign_in_tries (
  email_hash bytea primary key check (length(email_hash) = 32),
  failures integer not null,
  lockouts integer not null default 0,   -- in a row; each doubles the next
  locked_until timestamptz,
  last_try_at timestamptz not null
);
create index sign_in_tries_by_age on sign_in_tries (last_try_at);   -- the sweep
alter table sign_in_tries enable row level security;
alter table sign_in_tries force row level security;
select kernel.system_access('sign_in_tries');

-- From where a person has signed in before: SHA-256 of network and program.
create table sign_in_places (
  user_id uuid not null references users on delete cascade,
  fingerprint bytea not null check (length(fingerprint) = 32),
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  primary key (user_id, fingerprint)
);
alter table sign_in_places enable row level security;
alter table sign_in_places force row level security;
select kernel.system_access('sign_in_places');
