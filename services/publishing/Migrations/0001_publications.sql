-- A piece on a channel: planned → publishing → published | failed.
create table publications (
  id uuid primary key,
  tenant_id uuid not null,
  piece_id uuid not null,
  channel text not null check (channel in ('blog', 'x')),
  state text not null default 'planned' check (state in ('planned', 'publishing', 'published', 'failed')),
  batch_id uuid,                                -- what asked for it first, as a cycle
  kind text not null,                           -- of the piece
  title text not null,
  product_id uuid,
  niche text,
  prompt_version text not null,
  test boolean not null,
  url text,
  platform_id text,                             -- the platform's own id of the post
  failure text,
  failures int not null default 0,              -- attempts that ended in an error, since the last success of any step
  due_at timestamptz not null,                  -- the worker's next look
  lease_until timestamptz,
  planned_at timestamptz not null,
  settled_at timestamptz,
  unique (tenant_id, piece_id, channel),
  check ((state = 'published') = (url is not null)),
  check ((state = 'failed') = (failure is not null))
);
create index publications_due on publications (due_at) where state = 'planned';   -- the worker's claim
create index publications_newest on publications (tenant_id, id desc);            -- the API's list; ids are in order of time
select kernel.tenant_owned('publications');
select kernel.system_access('publications');
