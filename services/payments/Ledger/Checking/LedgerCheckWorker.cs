using Microsoft.Extensions.Options;

namespace Empire.Payments.Ledger.Checking;

/// <summary>Checks the books as long as the service runs. Every replica asks whether a turn is due; one gets it.</summary>
public sealed partial class LedgerCheckWorker(LedgerCheck check, IOptions<LedgerOptions> options, TimeProvider clock, ILogger<LedgerCheckWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CheckEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try { await check.DueAsync(stoppingToken); }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogFailed(log, e); }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The books could not be checked")] private static partial void LogFailed(ILogger log, Exception e);
}
