-- When a series was first heard of: how many a host may name anew in a day is bounded. Those from before this was asked are old.
alter table gpus add column made_at timestamptz not null default '-infinity';
