-- When identity said which tier the account has. From then on its word holds, not that of reports, whose streams may be older than the last change. Null: it has not said anything yet.
alter table accounts add column tier_told_at timestamptz;
