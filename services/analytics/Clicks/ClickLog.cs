using System.Diagnostics.Metrics;
using Empire.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Empire.Analytics.Clicks;

/// <summary>Makes clicks durable by group commit: the visitors who arrive while one statement commits share the next one, and each is sent on when theirs has
/// committed. What PostgreSQL does not take in time goes to the <see cref="ClickSpool"/>.</summary>
/// <remarks>The writers are threads of their own and block: an awaited answer of the database would queue in the thread pool behind the requests that wait for it.</remarks>
public sealed partial class ClickLog(DatabaseRoles roles, ClickSpool spool, ClickAnnouncer announcer, IOptions<ClickOptions> options, TimeProvider clock, IMeterFactory meters, ILogger<ClickLog> log)
    : BackgroundService
{
    private readonly NpgsqlDataSource database = Connect(roles, options.Value);
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

    public override void Dispose()
    {
        base.Dispose();
        database.Dispose();
        filled.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, options.Value.Writers)
        .Select(_ => Task.Factory.StartNew(() => Write(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

    private void Write(CancellationToken stoppingToken)
    {
        // The web server stops before this does, and waits for its requests: when the token falls, nobody is left in the queue.
        while (true)
        {
            try { filled.Wait(stoppingToken); }
            catch (OperationCanceledException) { return; }
            var batch = Take();
            try
            {
                if (!TryStore(batch.Clicks)) Spool(batch.Clicks);
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

    private bool TryStore(List<Click> clicks)
    {
        if (clock.GetUtcNow().UtcTicks < Volatile.Read(ref databaseRestsUntil)) return false;
        try
        {
            using var connection = database.OpenConnection();
            ClickTable.Add(connection, clicks);
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

    private void Spool(List<Click> clicks)
    {
        try { spool.Append(clicks); }
        catch (Exception e)
        {
            lost.Add(clicks.Count);
            LogLost(log, clicks.Count, e);
        }
    }

    /// <summary>A connection for each writer, with the visitors' patience instead of a worker's.</summary>
    private static NpgsqlDataSource Connect(DatabaseRoles roles, ClickOptions options) => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(roles.System)
    {
        MaxPoolSize = options.Writers,
        Timeout = (int)options.WriteTimeout.TotalSeconds,
        CommandTimeout = (int)options.WriteTimeout.TotalSeconds,
        CancellationTimeout = -1, // a statement out of time is not waited for: whether it committed, the spool's clicks find out by their ids
    });

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
