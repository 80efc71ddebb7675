-- An agent whose samples cannot be settled waits for its next try, and the others go on. agents.unsettled_since is then that moment, so that looking for who is due never goes over those who are not.
alter table settlements
  add column failures int not null default 0,   -- in a row
  add column failed_at timestamptz,
  add column failure text,                      -- the last one, in words
  add column retry_at timestamptz;
create index settlements_failing on settlements (retry_at) where failures > 0; -- for whoever looks after them: normally empty
