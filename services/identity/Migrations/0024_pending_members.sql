-- Whoever is taken into an account by its people belongs to it only once they have said so themselves; those who are there already do.
alter table memberships add column pending boolean not null default false;

-- Whom an account has asked within a day, also where it has taken the asking back: each brings a mail, so their number is bound.
create table member_asks (
  id uuid primary key,
  tenant_id uuid not null,
  user_id uuid not null references users on delete cascade,
  asked_at timestamptz not null
);
select kernel.tenant_owned('member_asks');
select kernel.system_access('member_asks');
create index member_asks_of on member_asks (tenant_id, asked_at);
