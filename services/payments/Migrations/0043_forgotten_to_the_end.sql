-- What is still to be redacted of somebody whose rows are forgotten already: under what their providers tell of them. The row goes with the words.
create table redactions_due (
  tenant_id uuid not null,
  address_hash bytea not null,
  keys text[] not null,
  primary key (tenant_id, address_hash)
);
select kernel.tenant_owned('redactions_due');
select kernel.system_access('redactions_due');

create index customers_by_address on customers (email);   -- whether an address that is told is a customer's again: asked for each that was once forgotten

-- An apostrophe within an address is part of it, one before it is a quote: o'brien@ is found, also where it is written \u0027, and is not cut where brien@ is forgotten.
create or replace function redact_provider_events(address text) returns int language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  touched int;
  escaped constant text := '\\[bfnrt]|\\u00(?:09|0a|0d|20|22|27|28|2c|2f|3a|3b|3c|3d|5b|7b)';
  -- Also as JSON may write it: some encoders escape +, @ and apostrophes.
  pattern text := '(?:(?<![[:alnum:]._%+~-])|(?<=' || escaped || '))(?<!\\u002b)(?<!\\u00(?:25|2d|2e|5f|7e))'
    || '(?:(?<![[:alnum:]._%+~-](?:''|\\u0027))|(?<=(?:' || escaped || ')(?:''|\\u0027)))'
    || replace(replace(replace(regexp_replace(address, '([][().*+?^${}|\\-])', '\\\1', 'g'), '\+', '(?:\+|\\u002b)'), '@', '(?:@|\\u0040)'), '''', '(?:''|\\u0027)')
    || '(?![[:alnum:]_-]|\.[[:alnum:]])';
begin
  update provider_events set body = regexp_replace(body, pattern, 'erased@erased.invalid', 'gi') where body ~* pattern;
  get diagnostics touched = row_count;
  return touched;
end $$;

-- As in 0042, and all that names a customer of Stripe's, as the cards that they once had: these are told under names of their own.
create or replace function redact_payers(keys text[]) returns int language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  touched int;
  -- A member with a text, as JSON writes it; what stands in quotes within a text has a backslash before its quotes, and is none.
  pattern constant text := '"(name|first_name|last_name|maiden_name|customer_name|phone|phone_number|customer_phone|line1|line2|city|postal_code|ip|device_fingerprint|customer_purchase_ip|billing_address|shipping_address|access_activity_log|uncategorized_text)"(\s*:\s*)"([^"\\]|\\.)*"';
  theirs constant text[] := array(select '%"' || replace(key, '_', '\_') || '"%' from unnest(keys) as known (key) where key like 'cus\_%');
begin
  with named as (
    select provider, event_id from provider_events where provider in ('stripe', 'nowpayments') and object_key = any (keys)
    union
    select provider, event_id from provider_events where provider = 'stripe' and body like any (theirs)
    union
    select provider, event_id from provider_events where provider = 'flutterwave' and (object_key = any (keys) or split_part(object_key, '-', 1) = any (keys)) -- tx_…-2: a further page of the same payment
    union
    select provider, event_id from provider_events where body like '%erased@erased.invalid%'
  )
  update provider_events e set body = regexp_replace(e.body, pattern, '"\1"\2null', 'g') from named where e.provider = named.provider and e.event_id = named.event_id and e.body ~ pattern;
  get diagnostics touched = row_count;
  return touched;
end $$;
