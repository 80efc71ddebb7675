-- A publication that failed may be asked for again. Each time has an effect of its own, since the one before is settled for good.
alter table publications add column revived int not null default 0;
