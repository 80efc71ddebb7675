using Empire.Data;
using Empire.Http;
using Empire.Identity.Tenants;
using Empire.Tiers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Usage;

/// <summary>What the account has used of what its tier allows.</summary>
public static class GetUsage
{
    /// <param name="Item">api_calls, products, stores, campaigns or storage_bytes.</param>
    /// <param name="Limit">Null: without limit.</param>
    public sealed record Line(string Item, long Used, long? Limit);

    /// <param name="ResetsAt">When the month's API calls begin anew.</param>
    /// <example>{"tier": "free", "resets_at": "2026-04-01T00:00:00+00:00", "usage": [{"item": "api_calls", "used": 12, "limit": 100}, {"item": "products", "used": 2, "limit": 5}]}</example>
    public sealed record Response(string Tier, DateTimeOffset ResetsAt, IReadOnlyList<Line> Usage);

    public static async Task<Results<Ok<Response>, NotFound>> HandleAsync(Caller caller, Database db, TierTable tiers, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await TenantTable.FindAsync(work, ct) is not { } account) return TypedResults.NotFound();
        var limits = tiers[account.Tier];
        var counted = (await work.QueryAsync<(string Resource, long Used)>(
            "select resource, sum(used)::bigint from resource_usage where tenant_id = @Tenant group by resource", new { caller.Tenant }, ct)).ToDictionary(row => row.Resource, row => row.Used);
        return TypedResults.Ok(new Response(account.Tier, ApiUsageTable.EndOf(ApiUsageTable.MonthOf(now)),
        [
            new("api_calls", await ApiUsageTable.UsedAsync(work, now, ct), limits.ApiCallsPerMonth),
            .. TierResource.All.Select(resource => new Line(resource.Name, counted.GetValueOrDefault(resource.Name), resource.LimitOf(limits))),
        ]));
    }
}
