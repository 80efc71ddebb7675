-- What the letters' handler records when an effect is settled; the key fails a second settlement.
create table letters (
  effect_id uuid primary key,
  tenant_id uuid not null,
  succeeded boolean not null,
  reference text
);
select kernel.tenant_owned('letters');
