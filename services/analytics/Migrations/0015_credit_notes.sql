-- A credit note takes back what a cost was entered too high by.
alter table costs drop constraint costs_micros_check;
