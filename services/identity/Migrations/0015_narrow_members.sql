-- An account's people are read together with users, which only system work sees. Such work declares itself narrow, and then sees the memberships of its own account
-- alone: the wall stands in the database too, not only in the query.
do $$
begin
  drop policy system on memberships;
  execute format(
    $policy$create policy system on memberships to %I
      using (coalesce(current_setting('empire.narrow', true), '') <> 'on' or tenant_id = current_tenant())
      with check (coalesce(current_setting('empire.narrow', true), '') <> 'on' or tenant_id = current_tenant())$policy$,
    current_setting('empire.system_role'));
end $$;
