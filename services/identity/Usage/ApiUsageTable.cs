using Empire.Data;

namespace Empire.Identity.Usage;

/// <summary>The metered calls of an account, month by month.</summary>
internal static class ApiUsageTable
{
    public static DateOnly MonthOf(DateTimeOffset now) => new(now.UtcDateTime.Year, now.UtcDateTime.Month, 1);

    public static DateTimeOffset EndOf(DateOnly month) => new(month.AddMonths(1), TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>Takes one call, in the statement that checks: a parallel one waits for the row and then sees this one counted.</summary>
    /// <param name="limit">Null: counted, never refused.</param>
    /// <returns>How many are used, this one included; null when the month is used up, and nothing was taken.</returns>
    public static Task<long?> SpendAsync(Work work, Guid receipt, long? limit, DateTimeOffset now, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<long?>(
            """
            with spent as (
              insert into api_usage as u (tenant_id, month, used) select @Tenant, @month, 1 where @limit::bigint is null or @limit > 0
              on conflict (tenant_id, month) do update set used = u.used + 1 where @limit::bigint is null or u.used < @limit
              returning used
            ), receipt as (
              insert into call_receipts (id, tenant_id, month, spent_at) select @receipt, @Tenant, @month, @now from spent
            )
            select used from spent
            """, new { work.Tenant, receipt, month = MonthOf(now).ToDateTime(TimeOnly.MinValue), limit, now }, ct);

    /// <summary>Gives a call back to the month it was taken from; nothing when it was given back before.</summary>
    public static Task<int> ReturnAsync(Work work, Guid receipt, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            with returned as (delete from call_receipts where id = @receipt and tenant_id = @Tenant returning month)
            update api_usage set used = greatest(used - 1, 0) from returned where api_usage.tenant_id = @Tenant and api_usage.month = returned.month
            """, new { work.Tenant, receipt }, ct);

    /// <summary>Adds calls that were counted elsewhere; nothing when the batch was added before. Accounts in one order: two gateways' batches take turns.</summary>
    /// <param name="work">Over all accounts.</param>
    public static Task<int> AddAsync(Work work, Guid batch, IReadOnlyList<(Guid Tenant, DateOnly Month, long Calls)> lines, DateTimeOffset now, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            with fresh as (insert into call_batches (id, added_at) values (@batch, @now) on conflict do nothing returning id)
            insert into api_usage as u (tenant_id, month, used)
            select t.tenant_id, l.month, sum(l.calls) from fresh, unnest(@tenants, @months::date[], @calls) as l (tenant, month, calls) join tenants t on t.tenant_id = l.tenant
            group by t.tenant_id, l.month order by t.tenant_id, l.month
            on conflict (tenant_id, month) do update set used = u.used + excluded.used
            """,
            new
            {
                batch, now, tenants = lines.Select(line => line.Tenant).ToArray(), months = lines.Select(line => line.Month.ToDateTime(TimeOnly.MinValue)).ToArray(), calls = lines.Select(line => line.Calls).ToArray(),
            }, ct);

    public static async Task<long> UsedAsync(Work work, DateTimeOffset now, CancellationToken ct) =>
        await work.QuerySingleOrDefaultAsync<long?>(
            "select used from api_usage where tenant_id = @Tenant and month = @month", new { work.Tenant, month = MonthOf(now).ToDateTime(TimeOnly.MinValue) }, ct) ?? 0;
}
