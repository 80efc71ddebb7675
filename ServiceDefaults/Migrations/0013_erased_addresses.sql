-- Addresses of people who were forgotten, as hashes: what was on its way at that time must not write them down again. A hash leads back only to whom one has thought of already.
create table kernel.erased_addresses (
  address_hash bytea not null check (length(address_hash) = 32),   -- SHA-256 of the address in lower case
  tenant_id uuid not null,
  erased_at timestamptz not null,                                  -- the last time
  primary key (address_hash, tenant_id)
);
select kernel.tenant_owned('kernel.erased_addresses');
select kernel.system_access('kernel.erased_addresses');
