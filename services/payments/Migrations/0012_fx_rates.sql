-- What a currency was worth on a day, as the owner has it from a source of their choice: 1 base = rate quote.
create table fx_rates (
  tenant_id uuid not null,
  base char(3) not null,
  quote char(3) not null check (quote <> base),
  day date not null,
  rate numeric(30, 15) not null check (rate > 0),
  source text not null,
  set_at timestamptz not null,
  primary key (tenant_id, base, quote, day)
);
select kernel.tenant_owned('fx_rates');

-- What one unit of a currency was worth in another on a day of this tenant; null where nobody said. The opposite rate serves too, to 15 decimals.
create function fx_factor(currency text, wanted text, on_day date) returns numeric language sql stable
return case when currency = wanted then 1 else coalesce(
  (select rate from fx_rates where tenant_id = current_tenant() and base = currency and quote = wanted and day = on_day),
  (select round(1 / rate, 15) from fx_rates where tenant_id = current_tenant() and base = wanted and quote = currency and day = on_day)) end;
