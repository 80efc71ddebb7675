-- What is asked for anew while it is being asked for, or after it was given up, is asked for once more.
alter table provider_tasks add column generation int not null default 0;
