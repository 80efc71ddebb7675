-- Where somebody belonged once: whoever is told of their data, or forgotten, is so there too.
create table past_memberships (
  tenant_id uuid not null,
  user_id uuid not null references users on delete cascade,
  primary key (tenant_id, user_id)
);
select kernel.tenant_owned('past_memberships');
select kernel.system_access('past_memberships');
create index past_memberships_of on past_memberships (user_id);

-- By whichever way they left.
create function remember_membership() returns trigger language plpgsql as $$
begin
  insert into past_memberships (tenant_id, user_id) values (old.tenant_id, old.user_id) on conflict do nothing;
  return null;
end $$;
create trigger remember_membership after delete on memberships for each row execute function remember_membership();

-- Who has work under way for a person answers when it is over, and is asked again until then. asked_at is the last time that somebody was told, too.
alter table privacy_parts add column reminded_at timestamptz;
