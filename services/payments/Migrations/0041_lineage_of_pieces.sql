-- formerly d38bc7492aa5775828f9fe974b3cbd3e5e0cc86fe10f45fa7dce7f48eef43fb8: it wrote nothing, and failed, where the owner of the tables is no superuser
-- What content and publishing told of their pieces: where an entry belongs that names its piece or its publication alone. The books keep what was told of the entry itself; this completes it when they are read (0163).
create table pieces (
  id uuid primary key,
  tenant_id uuid not null,
  product_id uuid,
  niche text,
  platform text,
  prompt_version text
);
select kernel.tenant_owned('pieces');

create table publications (
  id uuid primary key,
  tenant_id uuid not null,
  piece_id uuid not null,
  channel text,
  product_id uuid,
  niche text,
  prompt_version text
);
create index publications_of_piece on publications (tenant_id, piece_id);   -- the entries of a piece are also those of its publications
select kernel.tenant_owned('publications');
create index ledger_entries_of_publication on ledger_entries (tenant_id, publication_id) where publication_id is not null;

-- Pieces and publications from before: as the facts about their money name them. What a piece cost first, its writing, names all of it, also where it cost nothing and so stands in no book.
alter table heard_events no force row level security;   -- the owner of the tables reads and writes every account's
alter table pieces no force row level security;
alter table publications no force row level security;
insert into pieces (id, tenant_id, product_id, niche, platform, prompt_version)
select distinct on (1) (payload ->> 'pieceId')::uuid, tenant_id, (payload ->> 'productId')::uuid, payload ->> 'niche', payload ->> 'platform', payload ->> 'promptVersion' from heard_events
where kind in ('CostIncurred', 'ConversionRecorded') and payload ->> 'pieceId' is not null and payload ->> 'promptVersion' is not null
order by 1, kind desc, (payload ->> 'category' = 'llm') desc nulls last, occurred_at;
insert into publications (id, tenant_id, piece_id, channel, product_id, niche, prompt_version)
select distinct on (1) (payload ->> 'publicationId')::uuid, tenant_id, (payload ->> 'pieceId')::uuid, payload ->> 'platform', (payload ->> 'productId')::uuid, payload ->> 'niche', payload ->> 'promptVersion' from heard_events
where kind in ('CostIncurred', 'ConversionRecorded') and payload ->> 'pieceId' is not null and payload ->> 'publicationId' is not null
order by 1, kind desc, occurred_at;
alter table publications force row level security;
alter table pieces force row level security;
alter table heard_events force row level security;
