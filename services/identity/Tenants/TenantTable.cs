using Empire.Contracts;
using Empire.Data;

namespace Empire.Identity.Tenants;

internal static class TenantTable
{
    /// <summary>The account of the work itself.</summary>
    public static Task<Account?> FindAsync(Work work, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Account>("select name, tier, time_zone, is_active from tenants where tenant_id = @Tenant", new { work.Tenant }, ct);

    /// <param name="work">Of the new tenant itself: row-level security lets no one else write the row.</param>
    public static async Task AddAsync(Work work, string name, string tier, string timeZone, bool isOperator, DateTimeOffset now, CancellationToken ct)
    {
        await work.ExecuteAsync(
            "insert into tenants (tenant_id, name, tier, time_zone, is_operator, created_at) values (@Tenant, @name, @tier, @timeZone, @isOperator, @now)",
            new { work.Tenant, name, tier, timeZone, isOperator, now }, ct);
        work.Publish(new TenantCreated { TenantId = work.Tenant.Value, Name = name, TimeZone = timeZone, Tier = tier, Operator = isOperator, OccurredAt = now });
    }
}

/// <param name="TimeZone">IANA zone.</param>
internal sealed record Account(string Name, string Tier, string TimeZone, bool IsActive);
