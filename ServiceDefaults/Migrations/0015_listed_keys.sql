-- Which keys each replica of this service can open values with: they are sealed anew under a key once all that live list it. A replica's row goes when it stops, and counts no more once it is a minute old.
create table kernel.listed_keys (
  replica text primary key,
  key_ids text[] not null,
  told_at timestamptz not null       -- by the database's clock, which all replicas share
);
