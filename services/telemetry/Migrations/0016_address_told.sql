-- Since when the account is listed under its address: an erasure takes out no later one.
alter table accounts add column email_told_at timestamptz;   -- null: told before there was such a time
