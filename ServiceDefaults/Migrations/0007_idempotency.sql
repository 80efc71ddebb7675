-- Answers to requests that carried an Idempotency-Key, so that a repeat gets the first answer. Swept after a day.
create table kernel.idempotency (
  tenant_id uuid not null,
  key text not null,
  attempt uuid not null,             -- which request holds the key
  request text not null,             -- method and path with query
  body_hash bytea not null,          -- SHA-256 of the body as sent
  lease_until timestamptz not null,  -- while there is no answer: past it, the holder has died and the key is free
  status int,                        -- null: not answered yet
  headers jsonb,
  body bytea,
  created_at timestamptz not null,
  primary key (tenant_id, key)
);
create index idempotency_by_age on kernel.idempotency (created_at);   -- the sweep
select kernel.tenant_owned('kernel.idempotency');
select kernel.system_access('kernel.idempotency');
