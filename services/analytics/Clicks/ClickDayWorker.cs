using Empire.Data;

namespace Empire.Analytics.Clicks;

/// <summary>Keeps a partition ready for today and each of the next two weeks. Should it fail for longer than that, clicks wait in the spool for their day.</summary>
public sealed partial class ClickDayWorker(Partitions partitions, TimeProvider clock, ILogger<ClickDayWorker> log) : BackgroundService
{
    private static readonly PartitionedTable Clicks = new("clicks", PartitionSpan.Day, Ahead: 14);

    /// <summary>The first visitor already finds his day.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await partitions.EnsureAsync(Clicks, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try { await partitions.EnsureAsync(Clicks, stoppingToken); }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogFailed(log, e); }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The days to come have no click partitions yet")]
    private static partial void LogFailed(ILogger log, Exception e);
}
