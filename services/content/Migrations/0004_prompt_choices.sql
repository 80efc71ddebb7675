-- Which version of a prompt a tenant's next pieces use. Without a row: the first.
create table prompt_choices (
  tenant_id uuid not null,
  kind text not null,
  version int not null check (version > 0),
  chosen_by text not null,
  chosen_at timestamptz not null,
  primary key (tenant_id, kind)
);
select kernel.tenant_owned('prompt_choices');
