-- Pictures take storage of the account's tier, and a page is made where no request says which tier that is.
create table account_tiers (
  tenant_id uuid primary key,
  tier text not null check (tier in ('free', 'professional', 'enterprise')),
  told_at timestamptz not null   -- the later word holds, whichever is heard first
);
select kernel.tenant_owned('account_tiers');

-- What was kept before it was counted, of all accounts: for this once the owner of the tables sees every row.
alter table media no force row level security;
alter table kernel.tenant_resources no force row level security;
insert into kernel.tenant_resources (tenant_id, resource, used, revision) select tenant_id, 'storage_bytes', sum(octet_length(content)), 1 from media group by tenant_id
on conflict (tenant_id, resource) do update set used = kernel.tenant_resources.used + excluded.used, revision = kernel.tenant_resources.revision + 1;
alter table media force row level security;
alter table kernel.tenant_resources force row level security;
