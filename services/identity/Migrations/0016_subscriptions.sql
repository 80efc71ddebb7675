-- When the account was last told what it has paid for: of two reports the later one holds.
alter table tenants add column subscription_told_at timestamptz;
alter table tenants add column subscription_ends_at timestamptz;
