using Empire.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Empire.Messaging;

/// <summary>Forgets message ids that no broker can bring again. Several replicas may sweep at once.</summary>
internal sealed partial class InboxSweep(Database database, IOptions<MessagingOptions> options, TimeProvider clock, ILogger<InboxSweep> log) : BackgroundService
{
    private const int Chunk = 5_000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try { await SweepAsync(stoppingToken); }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogFailed(log, e); }
        }
    }

    internal async Task SweepAsync(CancellationToken ct)
    {
        var handledBefore = clock.GetUtcNow() - options.Value.InboxRetention;
        int swept;
        do
        {
            await using var work = await database.BeginSystemAsync(ct);
            swept = await InboxTable.SweepAsync(work, handledBefore, Chunk, ct);
            await work.CommitAsync(ct);
        }
        while (swept == Chunk);
    }

    [LoggerMessage(1, LogLevel.Warning, "Old message ids could not be swept; the next round will")] private static partial void LogFailed(ILogger log, Exception e);
}
