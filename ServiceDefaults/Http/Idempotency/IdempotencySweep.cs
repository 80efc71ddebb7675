using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Empire.Http;

/// <summary>Forgets answers after their day. Every replica sweeps; they skip each other's rows.</summary>
internal sealed partial class IdempotencySweep(IdempotencyTable table, TimeProvider clock, ILogger<IdempotencySweep> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await table.SweepAsync(stoppingToken) == 1000) { }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogSweepFailed(log, e); }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Sweeping old idempotency keys failed")] private static partial void LogSweepFailed(ILogger log, Exception e);
}
