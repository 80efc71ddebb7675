-- An address is taken out where it stands alone: not as the end of a longer one, nor as the beginning of a longer domain. What stands before it may be written as JSON writes it.
create or replace function redact_provider_events(address text) returns int language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  touched int;
  -- Also as JSON may write it: some encoders escape + and @.
  pattern text := '(?:(?<![[:alnum:]._%+~-])|(?<=\\[bfnrt])|(?<=\\u00(?:09|0a|0d|20|22|27|28|2c|2f|3a|3b|3c|3d|5b|7b)))(?<!\\u002b)(?<!\\u00(?:25|2d|2e|5f|7e))'
    || replace(replace(regexp_replace(address, '([][().*+?^${}|\\-])', '\\\1', 'g'), '\+', '(?:\+|\\u002b)'), '@', '(?:@|\\u0040)')
    || '(?![[:alnum:]_-]|\.[[:alnum:]])';
begin
  update provider_events set body = regexp_replace(body, pattern, 'erased@erased.invalid', 'gi') where body ~* pattern;
  get diagnostics touched = row_count;
  return touched;
end $$;
