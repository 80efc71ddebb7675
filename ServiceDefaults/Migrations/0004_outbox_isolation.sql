-- The outbox holds every tenant's facts: a tenant's transaction writes its own there, only the dispatcher reads.
select kernel.tenant_owned('kernel.outbox');
select kernel.system_access('kernel.outbox');

-- Who set it off, for the audit trail of what follows; null for the system's own doing.
alter table kernel.outbox add actor text;
