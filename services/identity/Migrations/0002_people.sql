-- A person may sign up by address alone and choose a password later.
alter table users alter column password_hash drop not null;
alter table users
  add column name text,
  add column role text not null default 'user' check (role in ('user', 'admin')),   -- admin: runs this installation, whatever account they act in
  add column email_verified_at timestamptz,
  add column password_changed_at timestamptz;

alter table tenants
  add column subscription_status text not null default 'trial' check (subscription_status in ('trial', 'active', 'past_due', 'cancelled')),
  add column domain text,
  add column settings jsonb not null default '{}';

create index memberships_by_user on memberships (user_id);   -- sign-in: which accounts is this person of

-- What a mail carries and a person brings back. Only the SHA-256 is kept, of 256 random bits.
create table one_time_tokens (
  token_hash bytea primary key check (length(token_hash) = 32),
  user_id uuid not null references users on delete cascade,
  purpose text not null check (purpose in ('verify-email', 'reset-password')),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index one_time_tokens_by_user on one_time_tokens (user_id, purpose);   -- a new one replaces the old
alter table one_time_tokens enable row level security;
alter table one_time_tokens force row level security;
select kernel.system_access('one_time_tokens');

-- Mails that somebody asked for by address. The request writes the same row whether or not the address is known; a worker finds out afterwards, so that
-- neither the answer nor its time tells.
create table mail_requests (
  email text not null,
  purpose text not null check (purpose in ('verify-email', 'reset-password')),
  requested_at timestamptz not null,
  primary key (email, purpose)   -- asked ten times before the worker came: one mail
);
alter table mail_requests enable row level security;
alter table mail_requests force row level security;
select kernel.system_access('mail_requests');
