-- Why a message lies in an error queue; the message itself is on the broker. The row goes when the queue is redriven.
create table kernel.message_failures (
  queue text not null,
  message_id uuid not null,
  tenant_id uuid not null,
  event text not null,
  reason text not null,
  failed_at timestamptz not null,
  primary key (queue, message_id)
);
select kernel.tenant_owned('kernel.message_failures');
select kernel.system_access('kernel.message_failures');
