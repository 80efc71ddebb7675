-- A piece of content, from the wish to the checked document.
create table pieces (
  id uuid primary key,
  tenant_id uuid not null,
  request_key text not null check (length(request_key) between 1 and 200),
  batch_id uuid,
  kind text not null check (kind in ('recipe', 'blog_post', 'script', 'social_post', 'article')),
  platform text not null,
  niche text,
  product_id uuid,
  product jsonb,                                            -- as the catalogue showed it when the piece was asked for
  brief jsonb not null,                                     -- what the model is told; fixed when asked, so that every try sends the same
  prompt_version int not null check (prompt_version > 0),   -- fixed when asked: a newer prompt changes only later pieces
  state text not null check (state in ('requested', 'generating', 'generated', 'failed')),
  due_at timestamptz not null,                              -- later than requested_at when the day's budget was used up
  lease_until timestamptz,
  claim int not null default 0 check (claim >= 0),          -- counts the takings; a worker whose lease ran out is told by it
  model text,
  title text,
  document jsonb,
  failure text,
  cost_micros bigint not null default 0 check (cost_micros >= 0),   -- US dollars: what every call for this piece cost, the refused replies too
  test boolean not null default false,
  requested_at timestamptz not null,
  finished_at timestamptz,
  unique (tenant_id, request_key),
  check ((product is null) = (product_id is null)),
  check ((state = 'generating') = (lease_until is not null)),
  check ((state = 'generated') = (document is not null and title is not null and model is not null)),
  check ((state = 'failed') = (failure is not null)),
  check ((state in ('generated', 'failed')) = (finished_at is not null))
);
create index pieces_due on pieces (due_at, id) where state = 'requested';             -- the worker's claim
create index pieces_leased on pieces (lease_until) where state = 'generating';        -- the worker's takeover
create index pieces_in_order on pieces (tenant_id, id);                               -- the catalogue's pages; ids are in order of time
create index pieces_by_product on pieces (tenant_id, product_id) where product_id is not null;
select kernel.tenant_owned('pieces');
select kernel.system_access('pieces');
