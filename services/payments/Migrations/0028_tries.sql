-- A payment that failed and is tried again stands where the new try stands; what is told of earlier tries is over.
alter table payments add column tried_at timestamptz;
