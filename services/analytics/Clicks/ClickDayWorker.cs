using Empire.Data;

namespace Empire.Analytics.Clicks;

/// <summary>Keeps the partitions of the coming week in place. Should it fail for longer, clicks land in the default partition and are counted all the same.</summary>
public sealed partial class ClickDayWorker(Database db, TimeProvider clock, ILogger<ClickDayWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        do
        {
            try { await EnsureAsync(stoppingToken); }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogFailed(log, e); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task EnsureAsync(CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        await work.ExecuteAsync("select ensure_click_days(@today, 8)", new { today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime) }, ct);
        await work.CommitAsync(ct);
    }

    [LoggerMessage(1, LogLevel.Warning, "The days to come have no click partitions yet")]
    private static partial void LogFailed(ILogger log, Exception e);
}
