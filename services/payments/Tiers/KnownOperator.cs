using Empire.Data;

namespace Empire.Payments.Tiers;

/// <summary>The account that runs this installation, and is paid for its tiers, as this service has kept it: known also while identity is away.</summary>
internal static class KnownOperator
{
    /// <param name="work">Of the system.</param>
    public static async Task<TenantId?> FindAsync(Work work, CancellationToken ct) =>
        await work.QuerySingleOrDefaultAsync<Guid?>("select account_id from operator_account", ct: ct) is { } id ? new(id) : null;
}
