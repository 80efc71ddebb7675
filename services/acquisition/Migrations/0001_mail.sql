-- A mail to one person: planned → sent | refused. What happens in between is told by its effect, which has the same key.
create table mails (
  id uuid primary key,
  tenant_id uuid not null,
  mail_key text not null,                       -- of the event that asked for it, and of the effect
  template text not null,
  recipient text not null,
  state text not null default 'planned' check (state in ('planned', 'sent', 'refused')),
  detail text,                                  -- why it was refused
  message_id text,                              -- as the recipient's server knows it
  test boolean not null,                        -- taken by the sandbox
  planned_at timestamptz not null,
  settled_at timestamptz,
  unique (tenant_id, mail_key),                 -- an event asks once, however often it is delivered
  check ((state = 'refused') = (detail is not null)),
  check ((state = 'planned') = (settled_at is null))
);
create index mails_newest on mails (tenant_id, planned_at desc, id desc);   -- the API's list
select kernel.tenant_owned('mails');

-- Addresses whose server said for good that there is no such mailbox.
create table bounces (
  tenant_id uuid not null,
  address text not null check (address = lower(address)),
  reason text not null,
  bounced_at timestamptz not null,
  primary key (tenant_id, address)
);
select kernel.tenant_owned('bounces');
