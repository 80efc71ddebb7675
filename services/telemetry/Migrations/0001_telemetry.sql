-- What telemetry knows of an account: its tier decides how long samples are kept.
create table accounts (
  tenant_id uuid primary key,
  tier text not null default 'free',
  email text                             -- whose gpu_usage_logs these are; gone with the person
);
select kernel.tenant_owned('accounts');
select kernel.system_access('accounts'); -- retention by tier

create table agents (
  tenant_id uuid not null,
  id uuid not null,                      -- made once on the host; only with the tenant is it somebody
  hostname text not null default '',
  provider text not null default '',
  region text not null default '',
  instance_type text not null default '',
  driver_version text not null default '',
  agent_version text not null default '',
  interval_seconds int not null default 10 check (interval_seconds between 1 and 3600),
  labels jsonb not null default '{}',
  spot boolean not null default false,
  highest_sequence bigint not null default 0,   -- stored or refused, ever
  stored_to bigint not null default 0,          -- id of its last row of intake
  summarised bigint not null default 0,         -- samples that the agent had to merge
  lost bigint not null default 0,               -- samples that the agent had to give up
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  silent_since timestamptz,                     -- told as lost; null while it reports
  primary key (tenant_id, id)
) with (fillfactor = 70);                       -- each batch changes its row in place
select kernel.tenant_owned('agents');
select kernel.system_access('agents');          -- one commit stores the batches of many tenants

-- How far an agent's samples have been made into roll-ups. A row of its own, so that settling never makes a batch wait.
create table settlements (
  tenant_id uuid not null,
  agent_id uuid not null,
  settled_to bigint not null default 0,
  unpacked int not null default 0,              -- settled samples still in intake
  unpacked_since timestamptz,
  primary key (tenant_id, agent_id)
) with (fillfactor = 70);
select kernel.tenant_owned('settlements');
select kernel.system_access('settlements');

-- A series of samples: a GPU, or a part of one, in one place of one host. Another card in the same place is another row.
create table gpus (
  id bigint generated always as identity primary key,
  tenant_id uuid not null,
  agent_id uuid not null,
  gpu_index int not null check (gpu_index >= 0),
  mig_instance int not null default -1,         -- -1: the whole GPU
  gpu_uuid text not null default '',
  gpu_name text not null,
  unique (tenant_id, agent_id, gpu_index, mig_instance, gpu_uuid, gpu_name)
);
select kernel.tenant_owned('gpus');
select kernel.system_access('gpus');

-- The last sample of each series, and where its detectors stand.
create table gpu_states (
  gpu_id bigint primary key references gpus (id),
  tenant_id uuid not null,
  last_at timestamptz not null,
  rate_micros bigint not null,                  -- US dollars an hour, in millionths
  latest jsonb not null,
  state jsonb not null
) with (fillfactor = 70);
select kernel.tenant_owned('gpu_states');
select kernel.system_access('gpu_states');

-- Batches as they came, encoded: the durable log that an acknowledgement stands for. Rows go when their samples are packed into chunks.
create table intake (
  id bigint generated always as identity,
  tenant_id uuid not null,
  agent_id uuid not null,
  received_at timestamptz not null,
  samples int not null,
  data bytea not null,                          -- per series: varint gpu_id, varint length, block
  primary key (tenant_id, agent_id, id)
);
select kernel.tenant_owned('intake');
select kernel.system_access('intake');

-- Up to a thousand samples of one series in one row, encoded column by column.
create table chunks (
  tenant_id uuid not null,
  gpu_id bigint not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  stored_at timestamptz not null,
  samples int not null,
  data bytea not null
) partition by range (stored_at);
create index chunks_by_time on chunks (gpu_id, starts_at);   -- history; one entry for a thousand samples
select kernel.tenant_owned('chunks');
select kernel.system_access('chunks');

-- Sums that merge: a mean is a sum over a count, money is US dollars in millionths times milliseconds, exact until it is shown.
create table rollups_minute (
  tenant_id uuid not null,
  gpu_id bigint not null,
  starts_at timestamptz not null,
  samples int not null,
  ms bigint not null,                           -- time that the samples stand for
  util_sum bigint not null,                     -- hundredths of a percent
  util_min int not null,
  util_max int not null,
  mem_used_sum bigint not null,                 -- MiB
  mem_used_max bigint not null,
  mem_total_max bigint not null,
  temperatures int not null,                    -- samples that knew it
  temperature_sum bigint not null,
  temperature_max int,
  powers int not null,
  power_sum bigint not null,                    -- tenths of a watt
  power_max int,
  energy_mj bigint not null,
  idle_ms bigint not null,
  cost_micro_ms bigint not null,
  waste_micro_ms bigint not null,
  primary key (gpu_id, starts_at)
) partition by range (starts_at);
select kernel.tenant_owned('rollups_minute');
select kernel.system_access('rollups_minute');

create table rollups_hour (like rollups_minute, primary key (gpu_id, starts_at)) partition by range (starts_at);
select kernel.tenant_owned('rollups_hour');
select kernel.system_access('rollups_hour');

create table rollups_day (like rollups_minute, primary key (gpu_id, starts_at));
select kernel.tenant_owned('rollups_day');
select kernel.system_access('rollups_day');

-- What each piece of work had of each GPU. The job '' is nobody: the rows of a GPU and day sum to its cost exactly.
create table job_costs (
  tenant_id uuid not null,
  job_id text collate "C" not null,
  gpu_id bigint not null,
  day date not null,
  ms bigint not null,
  cost_micro_ms bigint not null,
  energy_mj bigint not null,
  primary key (tenant_id, job_id, gpu_id, day)
);
select kernel.tenant_owned('job_costs');
select kernel.system_access('job_costs');

-- The encoding in SQL, so that samples can be read without this service. A column: a byte of flags (1: with gaps), the lengths of runs of present and absent
-- samples in turn where there are gaps, then zigzag varints of the differences; a zero is followed by how many more zeros. The time (order 2) is a difference of differences.
create function unpack_varints(data bytea) returns bigint[] language plpgsql immutable strict parallel safe as $$
declare
  result bigint[] := '{}'; value bigint := 0; shift int := 0; b int;
begin
  for i in 0 .. length(data) - 1 loop
    b := get_byte(data, i);
    value := value | ((b & 127)::bigint << shift);
    if b < 128 then result := result || value; value := 0; shift := 0; else shift := shift + 7; end if;
  end loop;
  return result;
end $$;

create function unpack_column(data bytea, samples int, orders int) returns bigint[] language plpgsql immutable strict parallel safe as $$
declare
  words bigint[] := unpack_varints(substring(data from 2));
  at int := 1; runs bigint[] := '{}'; covered bigint := 0; present int := 0; filled int := 0;
  delta bigint := 0; difference bigint := 0; value bigint := 0; first boolean := true; word bigint;
  plain bigint[]; result bigint[];
begin
  if get_byte(data, 0) & 1 = 1 then
    while covered < samples loop
      if array_length(runs, 1) is null or array_length(runs, 1) % 2 = 0 then present := present + words[at]::int; end if;
      runs := runs || words[at]; covered := covered + words[at]; at := at + 1;
    end loop;
  else
    present := samples;
  end if;
  plain := array_fill(null::bigint, array[present]);
  while filled < present loop
    word := words[at]; at := at + 1;
    for again in 0 .. (case when word = 0 then words[at] else 0 end) loop
      delta := (word >> 1) # (-(word & 1));
      if orders = 2 and not first then difference := difference + delta; value := value + difference;
      else value := value + delta; end if;
      first := false;
      filled := filled + 1;
      plain[filled] := value;
    end loop;
    if word = 0 then at := at + 1; end if;
  end loop;
  if array_length(runs, 1) is null then return plain; end if;
  result := array_fill(null::bigint, array[samples]);
  at := 0; filled := 0;
  for run in 1 .. array_length(runs, 1) loop
    for i in 1 .. runs[run]::int loop
      at := at + 1;
      if run % 2 = 1 then filled := filled + 1; result[at] := plain[filled]; end if;
    end loop;
  end loop;
  return result;
end $$;

-- Position and value of the varint that begins at the byte.
create function varint_at(data bytea, start int, out value bigint, out next int) language plpgsql immutable strict parallel safe as $$
declare
  shift int := 0; b int;
begin
  value := 0; next := start;
  loop
    b := get_byte(data, next);
    value := value | ((b & 127)::bigint << shift);
    next := next + 1; shift := shift + 7;
    exit when b < 128;
  end loop;
end $$;

create function unpack_block(block bytea) returns table (
  observed_at timestamptz, gpu_util numeric, mem_util numeric, mem_used bigint, mem_total bigint, temperature bigint, power numeric, energy bigint, cost_per_hour numeric
) language plpgsql immutable strict parallel safe as $$
declare
  samples int; at int; id int; size int; head record;
  c bigint[][]; times bigint[]; util bigint[]; mutil bigint[]; used bigint[]; total bigint[]; temp bigint[]; watts bigint[]; joules bigint[]; rate bigint[]; content bytea;
begin
  if get_byte(block, 0) <> 1 then raise exception 'block of an unknown version %', get_byte(block, 0); end if;
  select * into head from varint_at(block, 1);
  samples := head.value; at := head.next;
  while at < length(block) loop
    id := get_byte(block, at);
    select * into head from varint_at(block, at + 1);
    size := head.value; at := head.next;
    content := substring(block from at + 1 for size);
    case id
      when 0 then times := unpack_column(content, samples, 2);
      when 1 then util := unpack_column(content, samples, 1);
      when 2 then mutil := unpack_column(content, samples, 1);
      when 3 then used := unpack_column(content, samples, 1);
      when 4 then total := unpack_column(content, samples, 1);
      when 5 then temp := unpack_column(content, samples, 1);
      when 6 then watts := unpack_column(content, samples, 1);
      when 7 then joules := unpack_column(content, samples, 1);
      when 16 then rate := unpack_column(content, samples, 1);
      else null;
    end case;
    at := at + size;
  end loop;
  return query select to_timestamp(times[i] / 1000.0), round(util[i] / 100.0, 2), round(mutil[i] / 100.0, 2), used[i], total[i], temp[i], round(watts[i] / 10.0, 1), joules[i], round(rate[i] / 1000000.0, 6)
    from generate_series(1, samples) i;
end $$;

create function unpack_intake(data bytea) returns table (gpu_id bigint, block bytea) language plpgsql immutable strict parallel safe as $$
declare
  at int := 0; head record;
begin
  while at < length(data) loop
    select * into head from varint_at(data, at);
    gpu_id := head.value;
    select * into head from varint_at(data, head.next);
    block := substring(data from head.next + 1 for head.value::int);
    at := head.next + head.value::int;
    return next;
  end loop;
end $$;

-- Every sample as a row. The view has the rights of who asks, so an account sees its own.
create view samples with (security_invoker = true) as
  select b.tenant_id, b.gpu_id, s.* from (
    select c.tenant_id, c.gpu_id, c.data as block from chunks c
    union all
    select i.tenant_id, u.gpu_id, u.block from intake i cross join lateral unpack_intake(i.data) u
  ) b cross join lateral unpack_block(b.block) s;

create view gpu_usage_logs with (security_invoker = true) as
  select a.email as customer_email, g.gpu_index, g.gpu_name, s.gpu_util, s.mem_used, s.mem_total, coalesce(s.cost_per_hour, 0) as cost_per_hour,
    case when s.gpu_util < 30 then round(coalesce(s.cost_per_hour, 0) * (1 - s.gpu_util / 100), 6) else 0 end as potential_savings, s.observed_at as "timestamp", s.tenant_id
  from samples s join gpus g on g.id = s.gpu_id left join accounts a on a.tenant_id = s.tenant_id;
