using System.Diagnostics.Metrics;
using Empire.Data;
using Microsoft.Extensions.Options;

namespace Empire.Analytics.Clicks;

/// <summary>Makes clicks durable by group commit: the visitors who arrive while one transaction commits share the next one, and each is sent on when theirs has
/// committed. What PostgreSQL does not take in time goes to the <see cref="ClickSpool"/>.</summary>
public sealed partial class ClickLog(Database db, ClickSpool spool, ClickAnnouncer announcer, IOptions<ClickOptions> options, TimeProvider clock, IMeterFactory meters, ILogger<ClickLog> log)
    : BackgroundService
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim filled = new(0);
    private readonly Counter<long> lost = meters.Create("Empire.Analytics").CreateCounter<long>("empire.analytics.clicks_lost", "{click}");
    private readonly Queue<Batch> full = [];
    private Batch open = new();
    private long databaseRestsUntil; // UTC ticks

    /// <summary>Completes when the click is durable, in PostgreSQL or in the spool. It never fails: where both are broken the click is lost, counted and logged, and
    /// the visitor still gets where the link leads.</summary>
    public Task RecordAsync(Click click)
    {
        lock (gate)
        {
            var batch = open;
            batch.Clicks.Add(click);
            if (batch.Clicks.Count == 1) filled.Release();
            if (batch.Clicks.Count >= options.Value.BatchSize)
            {
                full.Enqueue(batch);
                open = new();
            }
            return batch.Written.Task;
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Value.Writers).Select(_ => Task.Run(() => WriteAsync(stoppingToken), CancellationToken.None)));

    private async Task WriteAsync(CancellationToken stoppingToken)
    {
        // The web server stops before this does, and waits for its requests: when the token falls, nobody is left in the queue.
        while (true)
        {
            try { await filled.WaitAsync(stoppingToken); }
            catch (OperationCanceledException) { return; }
            var batch = Take();
            try
            {
                if (!await TryStoreAsync(batch.Clicks)) await SpoolAsync(batch.Clicks);
            }
            finally { batch.Written.SetResult(); }
        }
    }

    private Batch Take()
    {
        lock (gate)
        {
            if (full.TryDequeue(out var batch)) return batch;
            (batch, open) = (open, new());
            return batch;
        }
    }

    private async Task<bool> TryStoreAsync(List<Click> clicks)
    {
        if (clock.GetUtcNow().UtcTicks < Volatile.Read(ref databaseRestsUntil)) return false;
        try
        {
            using var timeout = new CancellationTokenSource(options.Value.WriteTimeout, clock);
            await using var work = await db.BeginSystemAsync(timeout.Token);
            await ClickTable.AddAsync(work, clicks, timeout.Token);
            await work.CommitAsync(timeout.Token);
            FaultPoint.Pass("analytics.clicks-written");
            announcer.Wake();
            return true;
        }
        catch (Exception e) // whatever it was, the visitors must be sent on and their clicks kept
        {
            Volatile.Write(ref databaseRestsUntil, (clock.GetUtcNow() + options.Value.RestAfterFailure).UtcTicks);
            LogSpooling(log, clicks.Count, e);
            return false;
        }
    }

    private async Task SpoolAsync(List<Click> clicks)
    {
        try { await spool.AppendAsync(clicks); }
        catch (Exception e)
        {
            lost.Add(clicks.Count);
            LogLost(log, clicks.Count, e);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "PostgreSQL did not take {Count} clicks; they go to the spool")]
    private static partial void LogSpooling(ILogger log, int count, Exception e);

    [LoggerMessage(2, LogLevel.Error, "{Count} clicks are lost: neither PostgreSQL nor the spool took them")]
    private static partial void LogLost(ILogger log, int count, Exception e);

    private sealed class Batch
    {
        public List<Click> Clicks { get; } = [];
        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
