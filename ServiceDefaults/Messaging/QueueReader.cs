using System.Threading.Channels;
using Empire.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Empire.Messaging;

/// <summary>Handles the messages of one queue, those that wait at the same time in one transaction: they share its commit, each keeps its own success or
/// failure. An unloaded queue gets no delay from this, a loaded one far fewer commits.</summary>
/// <remarks>The transaction runs under the runtime role of one tenant at a time, so row-level security holds inside a batch of many tenants.</remarks>
internal sealed partial class QueueReader(string queue, int atMost, Database database, IServiceScopeFactory scopes, ILogger<QueueReader> log)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Channel<Delivery> waiting = Channel.CreateUnbounded<Delivery>();

    /// <summary>Returns when the message's transaction has committed.</summary>
    public Task HandleAsync(Delivery delivery)
    {
        waiting.Writer.TryWrite(delivery);
        return delivery.Settled;
    }

    /// <summary>Several at once: while one batch waits for the database, the next uses the processor.</summary>
    public Task RunAsync(int abreast, CancellationToken ct) => Task.WhenAll(Enumerable.Range(0, abreast).Select(_ => Task.Run(() => RunAsync(ct), CancellationToken.None)));

    private async Task RunAsync(CancellationToken ct)
    {
        while (await waiting.Reader.WaitToReadAsync(ct))
        {
            var batch = new List<Delivery>();
            while (batch.Count < atMost && waiting.Reader.TryRead(out var delivery)) batch.Add(delivery);
            await SettleAsync(batch, ct);
        }
    }

    /// <summary>Ends when every message of the batch is settled. While the database is away nothing is settled: the fault is not the messages', so they
    /// wait here, unacknowledged, rather than end in the error queue.</summary>
    private async Task SettleAsync(List<Delivery> batch, CancellationToken ct)
    {
        for (var pause = TimeSpan.FromMilliseconds(100); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                // Optimism first: a savepoint per message costs as much as a small handler.
                if (!await TryHandleAsync(batch, ct)) await HandleEachAsync(batch, ct);
                return;
            }
            catch (Exception e) when (DatabaseOutage.Is(e))
            {
                LogWaiting(log, queue, batch.Count, pause.TotalSeconds, e.Message);
                await Task.Delay(pause, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                foreach (var delivery in batch) delivery.Fail(e); // the commit itself was refused
                return;
            }
        }
    }

    /// <returns>False when one of several failed; then nothing happened to any.</returns>
    private async Task<bool> TryHandleAsync(List<Delivery> batch, CancellationToken ct)
    {
        await using var work = await database.BeginAsync(batch[0].Tenant, ct);
        var fresh = await BeginAsync(work, batch, ct);
        foreach (var delivery in ByTenant(batch).Where(delivery => fresh.Remove(delivery.MessageId)))
        {
            try
            {
                await HandleAsync(delivery, work, ct);
            }
            catch (Exception e) when (!DatabaseOutage.Is(e) && !ct.IsCancellationRequested)
            {
                if (batch.Count > 1) return false;
                LogFailed(log, delivery.MessageId, queue, e);
                MessagingTelemetry.Failed.Add(1);
                delivery.Fail(e);
                return true;
            }
        }
        await CommitAsync(work, batch);
        return true;
    }

    /// <summary>As <see cref="TryHandleAsync"/>, but one message's failure undoes that message alone.</summary>
    private async Task HandleEachAsync(List<Delivery> batch, CancellationToken ct)
    {
        await using var work = await database.BeginAsync(batch[0].Tenant, ct);
        var fresh = await BeginAsync(work, batch, ct);
        var failures = new Dictionary<Guid, Exception>();
        foreach (var delivery in ByTenant(batch).Where(delivery => fresh.Remove(delivery.MessageId)))
        {
            if (work.Tenant != delivery.Tenant) await work.ActForAsync(delivery.Tenant, ct);
            await work.BeginPartAsync(ct);
            try
            {
                await HandleAsync(delivery, work, ct);
                await work.KeepPartAsync(ct);
            }
            catch (Exception e) when (!DatabaseOutage.Is(e) && !ct.IsCancellationRequested)
            {
                await work.UndoPartAsync(ct);
                failures[delivery.MessageId] = e;
            }
        }
        if (failures.Count > 0) await InboxTable.RemoveAsync(work, queue, failures.Keys, ct);
        await CommitAsync(work, [.. batch.Where(delivery => !failures.ContainsKey(delivery.MessageId))]);
        foreach (var delivery in batch)
        {
            if (!failures.TryGetValue(delivery.MessageId, out var failure)) continue;
            LogFailed(log, delivery.MessageId, queue, failure);
            MessagingTelemetry.Failed.Add(1);
            delivery.Fail(failure);
        }
    }

    /// <returns>The ids not handled before; the rest of the batch are repeats.</returns>
    private async Task<HashSet<Guid>> BeginAsync(Work work, List<Delivery> batch, CancellationToken ct)
    {
        var fresh = await InboxTable.AddAsync(work, queue, batch.Select(delivery => delivery.MessageId), ct);
        if (fresh.Count < batch.Count) MessagingTelemetry.Repeated.Add(batch.Count - fresh.Count);
        FaultPoint.Pass("inbox.begun");
        return fresh;
    }

    private async Task HandleAsync(Delivery delivery, Work work, CancellationToken ct)
    {
        if (work.Tenant != delivery.Tenant) await work.ActForAsync(delivery.Tenant, ct);
        await using var scope = scopes.CreateAsyncScope();
        await delivery.HandleAsync(scope.ServiceProvider, work, queue, ct);
        FaultPoint.Pass("inbox.handled");
    }

    private static async Task CommitAsync(Work work, List<Delivery> handled)
    {
        await work.CommitAsync(CancellationToken.None);
        FaultPoint.Pass("inbox.committed");
        MessagingTelemetry.Handled.Add(handled.Count);
        MessagingTelemetry.Batch.Record(handled.Count);
        foreach (var delivery in handled) delivery.Settle();
    }

    /// <summary>Each tenant's messages together, in the order they came: the fewest changes of tenant.</summary>
    private static IEnumerable<Delivery> ByTenant(List<Delivery> batch) => batch.GroupBy(delivery => delivery.Tenant).SelectMany(own => own);

    [LoggerMessage(1, LogLevel.Warning, "Message {MessageId} failed at {Queue}")] private static partial void LogFailed(ILogger log, Guid messageId, string queue, Exception e);
    [LoggerMessage(2, LogLevel.Warning, "The database is away; {Count} messages wait at {Queue}, next try in {Seconds} s: {Reason}")]
    private static partial void LogWaiting(ILogger log, string queue, int count, double seconds, string reason);
}
