-- Whose keys end or are cut down with a person is decided by who made them; a key that was made by a key was nobody's. It counts as its maker's maker's now.
alter table api_keys no force row level security;   -- the owner of the table changes rows of every account
with recursive made (id, tenant_id, maker) as (
  select id, tenant_id, created_by from api_keys where created_by not like 'key:%'
  union all
  select k.id, k.tenant_id, made.maker from api_keys k join made on k.tenant_id = made.tenant_id and k.created_by = 'key:' || replace(made.id::text, '-', '')
)
update api_keys k set created_by = made.maker from made where made.id = k.id and k.created_by <> made.maker;
alter table api_keys force row level security;
