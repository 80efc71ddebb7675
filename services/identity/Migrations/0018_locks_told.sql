-- A lock is set before the password is compared, so that no more guesses are compared than allowed; only the comparison says whether it stands. Until that is told, by event, mail and log in one
-- transaction, its row says so: a process that dies in between, or a client that goes away, leaves the telling to another.
alter table sign_in_tries
  add column user_id uuid references users on delete cascade,   -- whose sign-in is locked; null where nobody has the address
  add column address text,                                      -- from where the last try came
  add column untold boolean not null default false;
create index sign_in_tries_untold on sign_in_tries (last_try_at) where untold;
