-- What an account knows better than the book of the grids its hosts draw from.
create table carbon_factors (
  tenant_id uuid not null,
  provider text not null,                       -- as its hosts say it; 'country': then the region is an ISO 3166 code
  region text not null,
  grams_per_kwh numeric(8, 4) not null check (grams_per_kwh between 0 and 2000),
  year int check (year between 1990 and 2200),  -- whose mean it is; null: not said
  source text not null,
  changed_at timestamptz not null,
  primary key (tenant_id, provider, region)
);
select kernel.tenant_owned('carbon_factors');
