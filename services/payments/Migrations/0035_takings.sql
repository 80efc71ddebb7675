-- How often it was taken up since it last came to an end, counted before the work: one that ends the process each time is laid aside.
alter table provider_tasks add column takings smallint not null default 0;
