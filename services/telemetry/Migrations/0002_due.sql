-- formerly 9a3f5a2645a1110b46a9ba72e6cc50e443cbe8a905e85ba5e035afe0a7d2a57d: it changed no row where the owner of the tables is no superuser
-- Agents with samples that are not settled, the longest waiting first: without this, each look reads every agent there is.
alter table agents add column unsettled_since timestamptz;
alter table agents no force row level security;   -- the owner of the tables changes rows of every account
alter table settlements no force row level security;
update agents a set unsettled_since = last_seen_at from settlements s where s.tenant_id = a.tenant_id and s.agent_id = a.id and a.stored_to > s.settled_to;
alter table settlements force row level security;
alter table agents force row level security;
create index agents_unsettled on agents (unsettled_since) where unsettled_since is not null;

-- The same for settled samples that wait to be packed.
create index settlements_unpacked on settlements (unpacked_since) where unpacked_since is not null;

-- The last numbers whose batches were refused, so that one that comes again is not taken for stored.
alter table agents add column refused bigint[] not null default '{}';
