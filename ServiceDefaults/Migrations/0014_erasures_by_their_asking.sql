-- Which asking the time is of: asked again, an erasure keeps the time of its first handling, so that it does not reach whoever has come back since.
alter table kernel.erased_addresses add column asked_at timestamptz;   -- null: of before
