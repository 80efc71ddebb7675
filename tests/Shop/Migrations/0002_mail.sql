-- What the test handlers leave behind: one row per time they ran and committed.
create table handled (
  tenant_id uuid not null,
  note_id uuid not null,
  queue text not null,
  trace_id text,
  actor text
);
select kernel.tenant_owned('handled');
select kernel.system_access('handled');
