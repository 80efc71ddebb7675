-- Who pays a tenant. What stands at the provider is named by its own id.
create table customers (
  id uuid primary key,
  tenant_id uuid not null,
  email text not null check (email = lower(email)),
  name text,
  tier text not null default 'free' check (tier in ('free', 'professional', 'enterprise')),
  told_status text not null default 'trial' check (told_status in ('trial', 'active', 'past_due', 'cancelled')),
  account_id uuid,                       -- the account of this installation that this customer is, where they pay for a tier
  api_key_reference text,                -- the last four characters of the key by which they are known elsewhere; never the key
  stripe_id text unique,
  payment_method text,                   -- the provider's token of the method charged by default
  card_brand text,
  card_last4 text check (card_last4 ~ '^[0-9]{4}$'),
  test boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index customers_by_email on customers (tenant_id, email);            -- one person, one customer
create index customers_newest on customers (tenant_id, created_at desc, id desc);
create index customers_by_key on customers (tenant_id, api_key_reference) where api_key_reference is not null;
create unique index customers_of_account on customers (tenant_id, account_id) where account_id is not null;
select kernel.tenant_owned('customers');
select kernel.system_access('customers');

-- Money asked of a payer. The rank of a status only rises, so that reports may come in any order.
create table payments (
  id uuid primary key,
  tenant_id uuid not null,
  provider text not null check (provider in ('stripe', 'flutterwave', 'nowpayments')),
  purpose text not null check (purpose in ('sale', 'upgrade', 'subscription')),
  customer_id uuid references customers,
  tier text,                             -- of an upgrade: what is bought
  amount_micros bigint not null check (amount_micros > 0),
  currency char(3) not null,
  description text not null,
  status text not null default 'pending'
    check (status in ('pending', 'requires_payment_method', 'requires_action', 'processing', 'partially_paid', 'failed', 'expired', 'canceled', 'succeeded')),
  failure_code text,
  failure_detail text,
  provider_ref text,                     -- payment intent, tx_ref, payment id
  charge_ref text,                       -- what took the money
  payment_method text,
  client_secret text,                    -- sealed; the payer's browser confirms with it
  action_url text,                       -- where the payer goes on
  pay_address text,
  pay_amount numeric,
  pay_currency text,
  received_micros bigint not null default 0 check (received_micros >= 0),
  seller_id uuid,
  platform_fee_micros bigint not null default 0 check (platform_fee_micros between 0 and amount_micros),
  piece_id uuid,
  product_id uuid,
  publication_id uuid,
  test boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  captured_at timestamptz,
  check ((purpose = 'upgrade') <= (tier is not null))
);
create unique index payments_by_reference on payments (provider, provider_ref) where provider_ref is not null;   -- one row per reference at a provider
create index payments_newest on payments (tenant_id, created_at desc, id desc);
create index payments_of_customer on payments (tenant_id, customer_id, created_at desc);
create index payments_open on payments (provider, created_at) where status in ('pending', 'requires_action', 'processing', 'partially_paid');   -- the reconciler
create index payments_by_charge on payments (provider, charge_ref) where charge_ref is not null;
select kernel.tenant_owned('payments');
select kernel.system_access('payments');

create table refunds (
  id uuid primary key,
  tenant_id uuid not null,
  payment_id uuid not null references payments,
  amount_micros bigint not null check (amount_micros > 0),
  currency char(3) not null,
  reason text,
  status text not null default 'pending' check (status in ('pending', 'succeeded', 'failed')),
  failure text,
  provider text not null,
  provider_ref text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index refunds_by_reference on refunds (provider, provider_ref) where provider_ref is not null;
create index refunds_of_payment on refunds (tenant_id, payment_id, created_at);
select kernel.tenant_owned('refunds');
select kernel.system_access('refunds');

create table disputes (
  id uuid primary key,
  tenant_id uuid not null,
  payment_id uuid not null references payments,
  provider text not null,
  provider_ref text not null,
  amount_micros bigint not null check (amount_micros > 0),
  currency char(3) not null,
  reason text not null,
  status text not null check (status in ('warning_needs_response', 'warning_under_review', 'warning_closed', 'needs_response', 'under_review', 'won', 'lost')),
  due_by timestamptz,
  evidence jsonb,                        -- as it was sent
  submitted_at timestamptz,
  opened_at timestamptz not null,
  closed_at timestamptz,
  unique (provider, provider_ref)
);
create index disputes_newest on disputes (tenant_id, opened_at desc, id desc);
create index disputes_of_payment on disputes (tenant_id, payment_id);
select kernel.tenant_owned('disputes');
select kernel.system_access('disputes');

create table subscriptions (
  id uuid primary key,
  tenant_id uuid not null,
  customer_id uuid not null references customers,
  provider_ref text unique,
  price text not null,                   -- the provider's id of what is paid each period
  tier text check (tier in ('free', 'professional', 'enterprise')),
  status text not null default 'pending'
    check (status in ('pending', 'incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled', 'failed')),
  failure_detail text,
  amount_micros bigint,
  currency char(3),
  period text,                           -- month, year …
  current_period_start timestamptz,
  current_period_end timestamptz,
  cancel_at_period_end boolean not null default false,
  canceled_at timestamptz,
  ended_at timestamptz,
  told_at timestamptz,                   -- of the newest report taken in, by the provider's clock
  told_by text,                          -- its id: decides between two reports of one second
  test boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index subscriptions_newest on subscriptions (tenant_id, created_at desc, id desc);
create index subscriptions_of_customer on subscriptions (tenant_id, customer_id);
select kernel.tenant_owned('subscriptions');
select kernel.system_access('subscriptions');

create table invoices (
  id uuid primary key,
  tenant_id uuid not null,
  customer_id uuid references customers,
  subscription_id uuid references subscriptions,
  payment_id uuid references payments,
  number text,
  provider_ref text unique,
  amount_due_micros bigint not null,
  amount_paid_micros bigint not null,
  currency char(3) not null,
  status text not null check (status in ('draft', 'open', 'paid', 'void', 'uncollectible')),
  attempts int not null default 0,
  next_attempt_at timestamptz,
  period_start timestamptz,
  period_end timestamptz,
  lines jsonb not null,
  told_at timestamptz not null,
  told_by text not null,
  test boolean not null,
  created_at timestamptz not null
);
create index invoices_newest on invoices (tenant_id, created_at desc, id desc);
create index invoices_of_subscription on invoices (tenant_id, subscription_id);
select kernel.tenant_owned('invoices');
select kernel.system_access('invoices');

-- What a customer has paid for, and from when until when. Their tier is the highest that holds now; nothing else decides it.
create table entitlements (
  id uuid primary key,
  tenant_id uuid not null,
  customer_id uuid not null references customers,
  tier text not null check (tier in ('professional', 'enterprise')),
  source text not null check (source in ('payment', 'subscription', 'credit')),
  source_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz,                   -- null: as long as the source lasts
  revoked_at timestamptz,                -- given back or disputed away
  past_due boolean not null default false,
  unique (source, source_id)
);
create index entitlements_of_customer on entitlements (tenant_id, customer_id);
create index entitlements_ending on entitlements (ends_at) where revoked_at is null;
select kernel.tenant_owned('entitlements');
select kernel.system_access('entitlements');

-- What is to be acted on by a person: disputes, money that matches nothing.
create table alerts (
  id uuid primary key,
  tenant_id uuid not null,
  severity text not null check (severity in ('high', 'medium', 'low')),
  subject text not null,
  message text not null,
  raised_at timestamptz not null,
  unique (tenant_id, subject)
);
select kernel.tenant_owned('alerts');
select kernel.system_access('alerts');

-- The processing records and events of the books, as the older documents name them.
create view payment_transactions with (security_invoker = true) as
  select id, tenant_id, provider, provider_ref, purpose, amount_micros, currency, status, test, created_at, captured_at from payments;
