-- Agents with samples that are not settled, the longest waiting first: without this, each look reads every agent there is.
alter table agents add column unsettled_since timestamptz;
update agents a set unsettled_since = last_seen_at from settlements s where s.tenant_id = a.tenant_id and s.agent_id = a.id and a.stored_to > s.settled_to;
create index agents_unsettled on agents (unsettled_since) where unsettled_since is not null;

-- The same for settled samples that wait to be packed.
create index settlements_unpacked on settlements (unpacked_since) where unpacked_since is not null;

-- The last numbers whose batches were refused, so that one that comes again is not taken for stored.
alter table agents add column refused bigint[] not null default '{}';
