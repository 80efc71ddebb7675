-- Accounts that identity has told to be closed, or open again: for a closed one nothing is begun. An account that was never closed has no row.
create table kernel.closed_accounts (
  tenant_id uuid primary key,
  closed boolean not null,
  erased boolean not null,             -- its last person was forgotten: nobody comes back to it
  told_at timestamptz not null         -- when it became so; of two words the later holds
);
select kernel.tenant_owned('kernel.closed_accounts');
select kernel.system_access('kernel.closed_accounts');

-- Whether nothing may be begun for the account: in the transaction of the account itself, or in one over all.
create function kernel.is_closed(account uuid) returns boolean language sql stable
  return exists (select from kernel.closed_accounts c where c.tenant_id = account and c.closed);
