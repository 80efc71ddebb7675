-- formerly 525a191e37d019762285386b462ee8833c2534cc08cc975d5bedb7a810fc00a2: it changed no row where the owner of the tables is no superuser
-- A GPU, or a part of one, from which nothing comes any more while its host goes on: the moment of its last sample when that was found. Null, or before the last sample: it reports.
alter table gpu_states add column gone_at timestamptz;
alter table gpu_states no force row level security;   -- the owner of the table changes rows of every account
update gpu_states set gone_at = last_at where last_at < now() - interval '1 day'; -- what was gone before anybody looked is not told now
alter table gpu_states force row level security;

alter table gpu_events drop constraint gpu_events_kind_check, add constraint gpu_events_kind_check check (kind in ('idle', 'hot', 'throttled', 'ecc', 'gpu_lost', 'agent_lost'));
