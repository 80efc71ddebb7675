-- What a person has laid aside: it is not tried any more and stands in no list, and the rebuild leaves it out as what was never taken in.
alter table provider_tasks add column dismissed_at timestamptz;
