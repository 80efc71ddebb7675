-- Beside the address, providers' words hold names, telephone numbers, where people live and what was said of them to a bank: out of all that is told of these objects, and of all that lost an address before. What they say of money stays as it is, so that
-- the books can still be made anew.
create function redact_payers(keys text[]) returns int language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  touched int;
  -- A member with a text, as JSON writes it; what stands in quotes within a text has a backslash before its quotes, and is none.
  pattern constant text := '"(name|first_name|last_name|maiden_name|customer_name|phone|phone_number|customer_phone|line1|line2|city|postal_code|ip|device_fingerprint|customer_purchase_ip|billing_address|shipping_address|access_activity_log|uncategorized_text)"(\s*:\s*)"([^"\\]|\\.)*"';
begin
  with named as (
    select provider, event_id from provider_events where provider in ('stripe', 'nowpayments') and object_key = any (keys)
    union
    select provider, event_id from provider_events where provider = 'flutterwave' and (object_key = any (keys) or split_part(object_key, '-', 1) = any (keys)) -- tx_…-2: a further page of the same payment
    union
    select provider, event_id from provider_events where body like '%erased@erased.invalid%'
  )
  update provider_events e set body = regexp_replace(e.body, pattern, '"\1"\2null', 'g') from named where e.provider = named.provider and e.event_id = named.event_id and e.body ~ pattern;
  get diagnostics touched = row_count;
  return touched;
end $$;
do $$
begin
  execute 'revoke execute on function redact_payers(text[]) from public';
  execute format('grant execute on function redact_payers(text[]) to %I', current_setting('empire.system_role'));
end $$;

-- The turns of the check: of sound ones the newest is kept, and for some time those that read everything or found something.
do $$
begin
  execute format('grant delete on ledger_checks to %I', current_setting('empire.system_role'));
end $$;
