-- Tables through which everything passes: their dead rows go by number, not by share, so that claiming the oldest stays cheap after a burst.
alter table kernel.outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
alter table kernel.inbox set (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_vacuum_scale_factor = 0.05);
