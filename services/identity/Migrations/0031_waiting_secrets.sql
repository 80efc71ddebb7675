-- A secret that waits to be confirmed is void after a few wrong codes: a session that somebody else holds must find none to guess on.
alter table second_factors add column wrong_codes int not null default 0;
