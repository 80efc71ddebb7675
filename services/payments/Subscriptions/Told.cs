using Empire.Data;
using Empire.Security;

namespace Empire.Payments.Subscriptions;

/// <summary>A subscription as Stripe's events tell of it; a client that has just changed it waits a moment for the event.</summary>
internal static class Told
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5), Pause = TimeSpan.FromMilliseconds(20);

    /// <param name="wanted">What the change should show as.</param>
    /// <returns>As it stands when it shows, or when the wait is over; null where there is none.</returns>
    public static async Task<SubscriptionView?> ReadAsync(Database db, Sealer sealer, TenantId tenant, Guid id, Func<SubscriptionView.Row, bool> wanted, CancellationToken ct)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            SubscriptionView.Row? row;
            await using (var work = await db.BeginAsync(tenant, ct))
                row = await work.QuerySingleOrDefaultAsync<SubscriptionView.Row>(SubscriptionView.Select + " where tenant_id = current_tenant() and id = @id", new { id }, ct);
            if (row is null) return null;
            if (wanted(row) || System.Diagnostics.Stopwatch.GetElapsedTime(started) > Patience) return SubscriptionView.Of(row, sealer);
            await Task.Delay(Pause, ct);
        }
    }
}
