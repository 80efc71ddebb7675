using Empire.Data;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Empire.Messaging;

/// <summary>Brings committed events to the broker. It holds a batch by its row locks, publishes it, and lets the rows go only when the broker has confirmed
/// every one: a crash in between sends an event twice, never no time. Replicas share the table without meeting.</summary>
internal sealed partial class OutboxDispatcher(
    Database database, WorkHooks hooks, IBusControl bus, EventPublisher publisher, IOptions<MessagingOptions> options, TimeProvider clock, ILogger<OutboxDispatcher> log) : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // An exchange forgets what it receives before a queue is bound to it: first this service's own queues, then its events.
        await bus.WaitForHealthStatus(BusHealthStatus.Healthy, stoppingToken);
        var pause = TimeSpan.Zero;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await DispatchAsync(stoppingToken) == options.Value.DispatchBatch) { } // more is waiting
                if (pause > TimeSpan.Zero) LogResumed(log);
                (hooks.DispatcherWorks, pause) = (true, TimeSpan.Zero);
                await hooks.WaitForOutboxAsync(options.Value.PollEvery, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                hooks.DispatcherWorks = false;
                pause = TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, 100 + pause.TotalMilliseconds * 2));
                LogHeldBack(log, pause.TotalSeconds, e.Message);
                await Task.Delay(pause, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return; // what was held goes back to the table
            }
        }
    }

    /// <returns>How many events went out.</returns>
    internal async Task<int> DispatchAsync(CancellationToken ct)
    {
        await using var work = await database.BeginSystemAsync(ct);
        var events = await OutboxTable.TakeAsync(work, options.Value.DispatchBatch, ct);
        if (events.Count == 0) return 0;
        FaultPoint.Pass("outbox.claimed");
        await publisher.PublishAsync(events, ct);
        FaultPoint.Pass("outbox.published");
        await work.CommitAsync(CancellationToken.None);
        FaultPoint.Pass("outbox.deleted");
        MessagingTelemetry.Published.Add(events.Count);
        MessagingTelemetry.Delay.Record((clock.GetUtcNow() - events[0].CreatedAt).TotalSeconds);
        return events.Count;
    }

    [LoggerMessage(1, LogLevel.Warning, "Events stay in the outbox; next try in {Seconds} s: {Reason}")]
    private static partial void LogHeldBack(ILogger log, double seconds, string reason);
    [LoggerMessage(2, LogLevel.Information, "The outbox is being emptied again")] private static partial void LogResumed(ILogger log);
}
