using Empire.Data;

namespace Empire.Identity.Usage;

/// <summary>Forgets receipts that nobody can return any more, since the request is long over, and batches that nobody sends again. Every replica sweeps; they skip each other's rows.</summary>
internal sealed partial class ReceiptSweep(Database db, TimeProvider clock, ILogger<ReceiptSweep> log) : BackgroundService
{
    private const int Batch = 1000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await SweepAsync(stoppingToken) == Batch) { }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogSweepFailed(log, e); }
        }
    }

    private async Task<int> SweepAsync(CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        var swept = await work.ExecuteAsync(
            "delete from call_receipts where id in (select id from call_receipts where spent_at < @before order by spent_at limit @Batch for update skip locked)",
            new { before = clock.GetUtcNow() - Kept, Batch }, ct);
        await work.ExecuteAsync("delete from call_batches where added_at < @before", new { before = clock.GetUtcNow() - Kept }, ct);
        await work.CommitAsync(ct);
        return swept;
    }

    [LoggerMessage(1, LogLevel.Error, "Sweeping old receipts failed")] private static partial void LogSweepFailed(ILogger log, Exception e);
}
