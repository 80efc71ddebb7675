-- A recipe as readers search it; the piece of the same id holds how it was made.
create table recipes (
  id uuid primary key references pieces (id),
  tenant_id uuid not null,
  title text not null check (title <> ''),
  description text,
  ingredients jsonb not null,
  instructions jsonb not null,
  prep_time interval not null,
  cook_time interval not null,
  servings int not null check (servings between 1 and 100),   -- a generated one has 1 to 12; one edited by hand may serve a hundred
  difficulty text not null check (difficulty in ('easy', 'medium', 'hard')),
  category text not null check (category in ('breakfast', 'lunch', 'dinner', 'dessert', 'snack')),
  cuisine text not null,
  diet_type text not null,
  tags jsonb not null,
  nutrition_info jsonb not null,
  seo_keywords jsonb not null,
  affiliate_links jsonb not null,
  image_prompt text,
  video_prompt text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  published boolean not null default false,
  views bigint not null default 0 check (views >= 0),
  clicks bigint not null default 0 check (clicks >= 0)
);
create index recipes_by_day on recipes (tenant_id, created_at, id);                 -- a day's recipes
create index recipes_by_category on recipes (tenant_id, category, created_at, id);  -- a category's newest
create index recipes_by_published on recipes (tenant_id, published, created_at, id);
select kernel.tenant_owned('recipes');
