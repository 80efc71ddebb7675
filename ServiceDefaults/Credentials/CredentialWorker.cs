using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Empire.Credentials;

/// <summary>Looks at the age of credentials at the start and every hour.</summary>
internal sealed partial class CredentialWorker(CredentialWatch watch, TimeProvider clock, ILogger<CredentialWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        do
        {
            try
            {
                while (await watch.TellAgedAsync(stoppingToken) > 0) { }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogTurnFailed(log, e); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1, LogLevel.Error, "Looking after the credentials failed")] private static partial void LogTurnFailed(ILogger log, Exception e);
}
