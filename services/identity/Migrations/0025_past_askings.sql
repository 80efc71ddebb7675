-- Who was only asked to join, by an address, is not known to be its holder: what stands there is told and forgotten at their word only once they have proved it.
-- Of rows from before nobody knows whether they had accepted; they count as not.
alter table past_memberships add column accepted boolean not null default false;

create or replace function remember_membership() returns trigger language plpgsql as $$
begin
  insert into past_memberships (tenant_id, user_id, accepted) values (old.tenant_id, old.user_id, not old.pending)
  on conflict (tenant_id, user_id) do update set accepted = past_memberships.accepted or excluded.accepted;
  return null;
end $$;
