-- As 0005, for the other decisions that a client may repeat because their answers died with the process.
alter table customers add column request_key text;
create unique index customers_by_request on customers (tenant_id, request_key) where request_key is not null;
alter table sellers add column request_key text;
create unique index sellers_by_request on sellers (tenant_id, request_key) where request_key is not null;
