-- The shared secret of a person's authenticator, sealed. Not asked for before it is confirmed.
create table second_factors (
  user_id uuid primary key references users on delete cascade,
  sealed_secret text not null,
  created_at timestamptz not null,
  confirmed_at timestamptz,
  last_step bigint   -- RFC 6238 time step of the last code taken: it and older ones are refused
);
alter table second_factors enable row level security;
alter table second_factors force row level security;
select kernel.system_access('second_factors');

-- For the day the authenticator is lost. 80 random bits each, so a plain SHA-256 is enough.
create table recovery_codes (
  user_id uuid not null references users on delete cascade,
  code_hash bytea not null check (length(code_hash) = 32),
  used_at timestamptz,
  primary key (user_id, code_hash)
);
alter table recovery_codes enable row level security;
alter table recovery_codes force row level security;
select kernel.system_access('recovery_codes');
