using Empire.Data;

namespace Empire.Payments.Tiers;

/// <summary>Lets tiers end when what was paid for is over. Looks every minute; a replica that finds nothing changed tells nothing, so several may look.</summary>
public sealed partial class TierClock(Database db, TimeProvider clock, ILogger<TierClock> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try { await EndAsync(stoppingToken); }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogFailed(log, e); }
        }
    }

    /// <returns>How many customers' tiers were counted anew.</returns>
    internal async Task<int> EndAsync(CancellationToken ct)
    {
        IReadOnlyList<(Guid Customer, Guid Tenant)> ended;
        await using (var work = await db.BeginSystemAsync(ct))
            ended = await work.QueryAsync<(Guid, Guid)>(
                $"""
                select distinct c.id, c.tenant_id from entitlements e join customers c on c.id = e.customer_id
                where e.revoked_at is null and {ProviderModes.Counts("e")} and ((e.ends_at <= @Now and c.tier <> 'free' and not exists (
                    select from entitlements a where a.customer_id = c.id and a.tier = c.tier and a.revoked_at is null and a.past_due = (c.told_status = 'past_due') and a.starts_at <= @Now and (a.ends_at is null or a.ends_at > @Now) and {ProviderModes.Counts("a")}))
                  or (e.starts_at between @Now - interval '1 day' and @Now and c.tier = 'free' and (e.ends_at is null or e.ends_at > @Now)))
                """, new { work.Now }, ct);
        foreach (var (customer, tenant) in ended)
        {
            await using var work = await db.BeginSystemAsync(ct);
            work.NothingToAudit();
            await work.ActForAsync(new(tenant), ct);
            await TierKeeper.RefreshAsync(work, customer, ct);
            await work.CommitAsync(ct);
        }
        return ended.Count;
    }

    [LoggerMessage(1, LogLevel.Error, "Looking for tiers that end failed")]
    private static partial void LogFailed(ILogger log, Exception e);
}
