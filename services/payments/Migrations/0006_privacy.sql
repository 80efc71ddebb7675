-- Providers' words name payers. Whoever must be forgotten is taken out of them; what they say of money stays as it is, so that the books can still be made anew.
create policy redaction on provider_events to current_user using (true) with check (true);   -- the owner's, for this function alone
create function redact_provider_events(address text) returns int language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  touched int;
  -- Also as JSON may write it: some encoders escape + and @.
  pattern text := replace(replace(regexp_replace(address, '([][().*+?^${}|\\-])', '\\\1', 'g'), '\+', '(\+|\\u002b)'), '@', '(@|\\u0040)');
begin
  update provider_events set body = regexp_replace(body, pattern, 'erased@erased.invalid', 'gi') where body ~* pattern;
  get diagnostics touched = row_count;
  return touched;
end $$;
do $$
begin
  execute 'revoke execute on function redact_provider_events(text) from public';
  execute format('grant execute on function redact_provider_events(text) to %I', current_setting('empire.system_role'));
end $$;

-- What happened to money and tiers, as the older documents name it: each line is a booked entry or a tier that was bought.
create view revenue_events with (security_invoker = true) as
  select e.id, e.tenant_id, split_part(e.cause, ':', 2) || coalesce('.' || nullif(split_part(e.cause, ':', 4), ''), '') as event_type, e.payment_id, e.customer_id, e.description, e.occurred_at
  from ledger_entries e where e.payment_id is not null
  union all
  select t.id, t.tenant_id, 'upgrade.' || t.tier, case when t.source = 'payment' then t.source_id end, t.customer_id, 'Tier ' || t.tier, t.starts_at from entitlements t;
