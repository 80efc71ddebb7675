-- What each piece of content had of GPUs, and how much of it the books have been told.
create table piece_costs (
  tenant_id uuid not null,
  piece_id uuid not null,
  ms bigint not null,
  cost_micro_ms bigint not null,
  energy_mj bigint not null,
  told_micros bigint not null default 0,
  told_joules bigint not null default 0,
  changed_at timestamptz not null,
  untold_since timestamptz,                     -- null: all of it has been told
  primary key (tenant_id, piece_id)
) with (fillfactor = 70);
create index piece_costs_untold on piece_costs (untold_since) where untold_since is not null; -- the few that somebody works on
select kernel.tenant_owned('piece_costs');
select kernel.system_access('piece_costs');
