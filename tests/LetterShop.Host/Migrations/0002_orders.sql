-- What the endpoint of the idempotency tests does once: one row an execution.
create table orders (
  id uuid primary key,
  tenant_id uuid not null,
  item text not null
);
select kernel.tenant_owned('orders');
