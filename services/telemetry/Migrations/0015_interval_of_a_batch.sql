-- How often the host measured when it sent the batch: samples that wait to be summed stand for the time that they stood for then, whatever the host says since. Null: from before this was kept.
alter table intake add column interval_seconds int;
