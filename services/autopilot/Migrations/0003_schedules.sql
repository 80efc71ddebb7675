-- Whether a cycle starts by itself every night is the account's to say. While it has said nothing, one starts for the account that runs the installation and for no other:
-- whoever signs up must not begin to spend by that. What was set before was set for everybody by a default, so it says nothing.
alter table schedules drop column is_enabled;
alter table schedules add column enabled boolean;
alter table schedules add column tier text;                    -- as identity last told; null: not told yet
alter table schedules add column tier_told_at timestamptz;
