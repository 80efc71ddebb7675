-- How much of what its tier limits an account has: products, stores, campaigns, bytes. Counted in the transaction that makes or removes the thing.
create table kernel.tenant_resources (
  tenant_id uuid not null,
  resource text not null,
  used bigint not null check (used >= 0),
  revision bigint not null,          -- grows with every change, so that reports of it may arrive in any order
  primary key (tenant_id, resource)
);
select kernel.tenant_owned('kernel.tenant_resources');
select kernel.system_access('kernel.tenant_resources');

-- Entries of one moment in the order in which they were written; an id alone leaves that to chance.
alter table kernel.audit add column seq bigint generated always as identity;
drop index kernel.audit_listed, kernel.audit_of_entity;
create index audit_listed on kernel.audit (tenant_id, at desc, seq desc);
create index audit_of_entity on kernel.audit (tenant_id, entity_id, at desc, seq desc) where entity_id is not null;   -- "what happened to this one?"
