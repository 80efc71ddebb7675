-- formerly 0000000000000000000000000000000000000000000000000000000000000f00: for the tests of texts that were replaced
-- Tables as a service would write them.
create table notes (
  id uuid primary key,
  tenant_id uuid not null,
  text text not null
);
select kernel.tenant_owned('notes');
select kernel.system_access('notes');

create table secrets (
  tenant_id uuid not null,
  text text not null
);
select kernel.tenant_owned('secrets');
