-- A step fails its cycle after so many errors in a row, or when a neighbour has been away for too long: both are counted from the last time that it went well.
alter table cycle_steps add column failures int not null default 0 check (failures >= 0);   -- in a row; a neighbour that is away does not count
alter table cycle_steps add column failing_since timestamptz;                               -- null while the last look went well
