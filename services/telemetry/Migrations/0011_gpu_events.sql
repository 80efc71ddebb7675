-- What GPUs and hosts went through. A row is written where the event is published, and ended where the detector says that it is over.
create table gpu_events (
  id uuid primary key,
  tenant_id uuid not null,
  agent_id uuid not null,
  gpu_id bigint references gpus (id),           -- null: the host
  kind text not null check (kind in ('idle', 'hot', 'throttled', 'ecc', 'agent_lost')),
  since timestamptz not null,
  told_at timestamptz not null,
  ended_at timestamptz,                         -- null: it goes on
  rate_micros bigint,                           -- idle: US dollars an hour, in millionths
  temperature int,                              -- hot: degrees Celsius when it was told
  reasons bigint,                               -- throttled: bits of nvmlClocksEventReasons
  uncorrected bigint,                           -- ecc: new errors
  xid bigint,                                   -- ecc: of the driver; 0: none
  check ((gpu_id is null) = (kind = 'agent_lost')),
  foreign key (tenant_id, agent_id) references agents (tenant_id, id)
);
create index gpu_events_by_time on gpu_events (tenant_id, told_at desc, id desc);
create index gpu_events_going_on on gpu_events (tenant_id, agent_id) where ended_at is null;
select kernel.tenant_owned('gpu_events');
select kernel.system_access('gpu_events');
