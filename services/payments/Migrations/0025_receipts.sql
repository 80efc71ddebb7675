-- formerly a13139dc95a68b5f35d07b2848d3d145d7e8d7240ab9a3a8126937e84197262c: it changed no row where the owner of the tables is no superuser
-- Who bills are from, and what their customers may be mailed; a row once the account has said so.
create table billing_settings (
  tenant_id uuid primary key,
  name text,
  address text,                          -- as it is printed, line by line
  tax_id text,
  email text,
  remind_customers boolean not null default true,
  updated_at timestamptz not null
);
select kernel.tenant_owned('billing_settings');

-- The end of the link by which a payer opens what they were billed, without an account: 122 random bits.
alter table payments add column receipt_key uuid not null default gen_random_uuid();
create unique index payments_by_receipt on payments (receipt_key);
alter table invoices add column receipt_key uuid not null default gen_random_uuid(), add column told_final_at timestamptz;   -- when others were told that it is final
create unique index invoices_by_receipt on invoices (receipt_key);
alter table invoices no force row level security;   -- the owner of the table changes rows of every account
update invoices set told_final_at = created_at where status <> 'draft';   -- nobody wants a mail of those of old
alter table invoices force row level security;

-- Until when others were told that the customer has paid.
alter table customers add column told_ends_at timestamptz;

-- Links in mails that open the payer's billing at the provider, for as long as the mail is of use.
create table billing_links (
  id uuid primary key,
  tenant_id uuid not null,
  customer_id uuid not null references customers,
  expires_at timestamptz not null
);
create index billing_links_of_customer on billing_links (customer_id);
select kernel.tenant_owned('billing_links');
select kernel.system_access('billing_links');
