using Empire.Analytics.Conversions;
using Empire.Data;
using Microsoft.Extensions.Options;

namespace Empire.Analytics.Clicks;

/// <summary>Brings spooled clicks into PostgreSQL as soon as it answers again, and then matches the conversions that came for them meanwhile.</summary>
public sealed partial class SpoolDrainWorker(ClickSpool spool, Database db, ClickAnnouncer announcer, Quarantine quarantine, IOptions<ClickOptions> options, TimeProvider clock, ILogger<SpoolDrainWorker> log)
    : BackgroundService
{
    /// <returns>How many clicks were taken from the spool.</returns>
    public async Task<int> DrainAsync(CancellationToken ct)
    {
        var drained = await spool.DrainAsync(StoreAsync, ct);
        if (drained == 0) return 0;
        announcer.Wake();
        await quarantine.ReleaseAsync(ct);
        return drained;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.DrainEvery, clock);
        var failing = false;
        do
        {
            try
            {
                if (await DrainAsync(stoppingToken) is > 0 and var drained) LogDrained(log, drained);
                failing = false;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (!failing) LogFailed(log, e); // once per outage, not once per turn
                failing = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task StoreAsync(IReadOnlyList<Click> clicks, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        await ClickTable.AddMissingAsync(work, clicks, ct);
        await work.CommitAsync(ct);
        FaultPoint.Pass("analytics.spool-drained");
    }

    [LoggerMessage(1, LogLevel.Information, "{Count} spooled clicks are stored")]
    private static partial void LogDrained(ILogger log, int count);

    [LoggerMessage(2, LogLevel.Warning, "Spooled clicks cannot be stored yet")]
    private static partial void LogFailed(ILogger log, Exception e);
}
