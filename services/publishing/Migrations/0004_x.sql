-- The accounts on X that the platform has stopped, until a person resumes them. An account without a row is in order.
create table x_accounts (
  tenant_id uuid not null,
  account text not null,
  state text not null check (state in ('active', 'stopped')),
  reason text not null,                          -- in the platform's words
  changed_at timestamptz not null,
  primary key (tenant_id, account)
);
select kernel.tenant_owned('x_accounts');

-- What a person must look at.
create table alerts (
  id uuid primary key,
  tenant_id uuid not null,
  severity text not null check (severity in ('high', 'medium', 'low')),
  subject text not null,                         -- x-account:main
  message text not null,
  raised_at timestamptz not null
);
create index alerts_newest on alerts (tenant_id, id desc);
select kernel.tenant_owned('alerts');

-- Posts that a person writes for a time. Named as the API shows them.
create table social_posts (
  id uuid primary key,
  tenant_id uuid not null,
  user_id text not null,                         -- who scheduled it: user:… or key:…
  platform text not null check (platform in ('twitter')),
  content text not null,
  media_urls text[] not null default '{}',
  scheduled_time timestamptz not null,
  posted_at timestamptz,
  engagement_score int not null default 0,
  status text not null default 'scheduled' check (status in ('scheduled', 'posted', 'failed')),
  platform_id text,
  failure text,
  test boolean not null
);
create index social_posts_calendar on social_posts (tenant_id, scheduled_time);
select kernel.tenant_owned('social_posts');
