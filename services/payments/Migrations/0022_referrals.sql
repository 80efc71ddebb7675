-- A customer's code is of their id alone, so that it is there from the beginning and the same for ever: 40 random bits.
alter table customers add column referral_code text generated always as (upper(right(replace(id::text, '-', ''), 10))) stored;
create unique index customers_by_referral_code on customers (tenant_id, referral_code);

-- Who came by whose code, and what became of the reward.
create table referrals (
  id uuid primary key references customers,   -- who came: once
  tenant_id uuid not null,
  referrer_id uuid not null references customers,
  status text not null default 'waiting' check (status in ('waiting', 'rewarded', 'taken_back', 'kept')),   -- kept: given back by the one who came, and spent before that
  payment_id uuid references payments,        -- the first that was paid
  reward_micros bigint check (reward_micros > 0),
  currency char(3),
  at_stripe boolean not null default false,   -- the reward stands there, for the next invoice to take
  test boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check (id <> referrer_id),
  check ((reward_micros is null) = (currency is null))
);
create index referrals_of_referrer on referrals (tenant_id, referrer_id, created_at desc);
select kernel.tenant_owned('referrals');
select kernel.system_access('referrals');

-- What of a customer's credit a payment takes; spent when it is paid.
alter table payments add column credit_micros bigint not null default 0 check (credit_micros >= 0);
create index ledger_entries_of_customer on ledger_entries (tenant_id, customer_id) where customer_id is not null;   -- a customer's credit is summed from the books
