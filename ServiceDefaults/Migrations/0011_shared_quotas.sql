-- Caps of something that several tenants use together, as one account on a platform: the platform counts by its account, whoever of ours acts.
create table kernel.shared_quotas (
  name text not null,
  time_window text not null,
  used bigint not null check (used >= 0),
  primary key (name, time_window)
);
alter table kernel.effect_quotas add column shared boolean not null default false;   -- where the share was taken from, and goes back to
