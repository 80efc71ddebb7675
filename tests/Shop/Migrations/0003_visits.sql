-- A table of time, as clicks or samples are.
create table visits (
  tenant_id uuid not null,
  seen_at timestamptz not null,
  path text not null
) partition by range (seen_at);
select kernel.tenant_owned('visits');
