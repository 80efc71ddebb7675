-- Samples that did not tell how much their GPU was used: parts of a GPU that is split by MIG, where the driver cannot say. Means are over those that did.
alter table rollups_minute add column unknown_utils int not null default 0;
alter table rollups_hour add column unknown_utils int not null default 0;
alter table rollups_day add column unknown_utils int not null default 0;
