using Empire.Data;

namespace Empire.Payments;

/// <summary>What became of an effect, for a client that would rather wait a moment than ask again.</summary>
/// <param name="State">succeeded, rejected, or where it still stands: planned, running, unknown, held.</param>
internal sealed record Awaited(string State, string? Reference, string? Detail)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20), Pause = TimeSpan.FromMilliseconds(15);

    /// <summary>Looks until the effect is settled or the client has waited long enough.</summary>
    public static async Task<Awaited?> SettledAsync(Database db, TenantId tenant, string kind, string key, CancellationToken ct)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            Awaited? seen;
            await using (var work = await db.BeginAsync(tenant, ct))
                seen = await work.QuerySingleOrDefaultAsync<Awaited>("select state, reference, detail from kernel.effects where tenant_id = current_tenant() and kind = @kind and key = @key", new { kind, key }, ct);
            if (seen is null or { State: "succeeded" or "rejected" or "held" or "cancelled" } || System.Diagnostics.Stopwatch.GetElapsedTime(started) > Patience) return seen;
            await Task.Delay(Pause, ct);
        }
    }
}
