-- When the other services were told that the account is closed; null while they have not been, as for those that were closed before there was such a word.
alter table tenants add column closed_told_at timestamptz;
create index tenants_closed_untold on tenants (tenant_id) where not is_active and closed_told_at is null;   -- the turn that tells them
