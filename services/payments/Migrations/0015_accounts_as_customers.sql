-- One person may act for several accounts, each of which pays for its own tier: an account as a customer is known by the account, anybody else by their address.
drop index customers_by_email;
create unique index customers_by_email on customers (tenant_id, email) where account_id is null;
create index customers_of_email on customers (tenant_id, email);   -- look-up, whoever they are
