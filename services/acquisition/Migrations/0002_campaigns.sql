-- Campaigns of an account. A place of its tier is held until the campaign is archived; its figures stay for ever.
create table campaigns (
  id uuid primary key,
  tenant_id uuid not null,
  request_key text,                    -- the client's, of the request that made it: asked again after a crash, it is this one
  name text not null check (length(name) between 1 and 200),
  channel text not null check (channel in ('email', 'social', 'blog', 'google_ads', 'meta_ads', 'tiktok_ads')),
  status text not null check (status in ('draft', 'active', 'paused', 'ended')),
  budget_micros bigint not null check (budget_micros >= 0),
  currency char(3) not null,
  starts_at timestamptz,
  ends_at timestamptz,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz,
  check (ends_at > starts_at),
  unique (tenant_id, id)               -- what belongs to a campaign belongs to its account
);
create index campaigns_newest on campaigns (tenant_id, created_at desc, id desc);
create unique index campaigns_request on campaigns (tenant_id, request_key);
select kernel.tenant_owned('campaigns');

-- Links that count what comes by a campaign. The code is made by analytics, under a key of the campaign, the label and the destination.
create table campaign_links (
  tenant_id uuid not null,
  campaign_id uuid not null,
  label text not null check (length(label) between 1 and 60),
  destination text not null,
  code text not null,
  created_at timestamptz not null,
  primary key (tenant_id, campaign_id, label),
  foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id)
);
select kernel.tenant_owned('campaign_links');

-- What was spent on a campaign: recorded here, or told by the service that spent it. Never changed, never deleted: the books have it too.
create table campaign_spend (
  id uuid primary key,                 -- the cost's on the bus, so that our own word coming back finds its row
  tenant_id uuid not null,
  campaign_id uuid not null,
  micros bigint not null check (micros > 0),
  currency char(3) not null,
  spent_on date not null,              -- UTC
  source text not null,
  reference text not null,             -- the source's own: an invoice, a day's report
  test boolean not null,
  recorded_by text,                    -- null: told by a service
  recorded_at timestamptz not null,
  unique (tenant_id, campaign_id, source, reference),   -- what a source tells twice was spent once
  foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id)
);
create index campaign_spend_by_day on campaign_spend (tenant_id, spent_on);   -- reports read a period
select kernel.tenant_owned('campaign_spend');
