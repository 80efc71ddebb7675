-- Rows of the networks' reports that could not be taken in, word for word: behind each may stand a sale. A later build that reads them takes them in.
create table unreadable_rows (
  id uuid primary key,
  network text not null,
  body text not null,
  body_hash text not null,
  problems text not null,                        -- which fields are wrong, and how
  first_seen_at timestamptz not null,
  taken_in_at timestamptz,
  unique (network, body_hash)                    -- the report shows it again each time
);
create index unreadable_rows_newest on unreadable_rows (id desc);
create index unreadable_rows_open on unreadable_rows (id) where taken_in_at is null;   -- tried again with each collection
alter table unreadable_rows enable row level security;
select kernel.system_access('unreadable_rows');  -- they name no tenant
