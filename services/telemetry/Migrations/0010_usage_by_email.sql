-- gpu_usage_logs is asked by customer: from the address to its account, to the account's GPUs, to their chunks, each by an index. Accounts change with a tier, not with a batch: the index costs ingest nothing.
create index accounts_by_email on accounts (email) where email is not null;

-- The account is found by its GPU, not by its samples, which have no index by account.
create or replace view gpu_usage_logs with (security_invoker = true) as
  select a.email as customer_email, g.gpu_index, g.gpu_name, s.gpu_util, s.mem_used, s.mem_total, coalesce(s.cost_per_hour, 0) as cost_per_hour,
    case when s.gpu_util < 30 then round(coalesce(s.cost_per_hour, 0) * (1 - s.gpu_util / 100), 6) else 0 end as potential_savings, s.observed_at as "timestamp", s.tenant_id
  from samples s join gpus g on g.id = s.gpu_id left join accounts a on a.tenant_id = g.tenant_id;
