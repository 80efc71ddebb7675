-- What the networks told us, word for word: by postback or in their report. The key makes a repeat harmless for ever.
-- A row without tenant is quarantined: its sub id names no click of ours (yet).
create table network_messages (
  network text not null,
  network_conversion_id text not null,
  status text not null check (status in ('approved', 'reversed')),
  sub_id text,
  click_id uuid,   -- the sub id, where it has the form of one of ours
  network_product_id text,
  sale_micros bigint,
  commission_micros bigint not null check (commission_micros >= 0),
  currency char(3) not null,
  occurred_at timestamptz not null,
  source text not null check (source in ('postback', 'report')),
  body text not null,
  received_at timestamptz not null,
  tenant_id uuid,
  primary key (network, network_conversion_id, status)
);
create index network_messages_quarantined on network_messages (received_at) where tenant_id is null and click_id is not null;   -- looked at again when clicks have come
select kernel.tenant_owned('network_messages');
select kernel.system_access('network_messages');

-- The money rows: one per sale that a network credited to one of our clicks, with the lineage of the link it came through.
create table conversions (
  id uuid primary key,
  tenant_id uuid not null,
  network text not null,
  network_conversion_id text not null,
  click_id uuid not null,
  link_code text collate "C" not null references links (code),
  publication_id uuid,
  piece_id uuid,
  product_id uuid,
  niche text,
  platform text,
  prompt_version text,
  sale_micros bigint,
  commission_micros bigint not null check (commission_micros >= 0),
  currency char(3) not null,
  test boolean not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  reversed_at timestamptz,
  unique (network, network_conversion_id)
);
create index conversions_by_time on conversions (tenant_id, occurred_at);   -- reports read a period
select kernel.tenant_owned('conversions');
select kernel.system_access('conversions');   -- a network knows a click, not a tenant

-- Up to where each network's report has been read.
create table network_watermarks (
  network text primary key,
  read_until timestamptz not null
);
alter table network_watermarks enable row level security;
select kernel.system_access('network_watermarks');
