-- Keys of the installation's own at providers, as services say that they work with them: since when each has been seen. The keys themselves are in the settings and nowhere here.
create table provider_keys (
  id uuid primary key,
  tenant_id uuid not null,             -- who runs the installation
  provider text not null,
  variable text not null,              -- as OPENAI_API_KEY
  class text not null check (class in ('llm', 'gateway', 'platform')),
  fingerprint text not null,           -- keyed hash of the key
  first_seen_at timestamptz not null,  -- the age counts from here
  last_seen_at timestamptz not null,
  aged_at timestamptz,                 -- when it was said that this key is past its age
  unique (tenant_id, provider, variable, fingerprint)
);
select kernel.tenant_owned('provider_keys');
