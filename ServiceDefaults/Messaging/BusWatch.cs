using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Empire.Messaging;

/// <summary>Ends a process whose bus does not come up although the broker greets everybody else. A handshake that the broker was too busy to finish can leave the client waiting for
/// ever, without a connection and without another try; only a new process is rid of it, and whoever started this one starts that. While the broker itself is away nothing is ended: the
/// bus tries again, and requests go on being answered.</summary>
internal sealed partial class BusWatch(IBusControl bus, Greeting greeting, IOptions<MessagingOptions> options, IHostApplicationLifetime lifetime, ILogger<BusWatch> log) : BackgroundService
{
    /// <summary>EX_UNAVAILABLE of sysexits: a service that it needs is not to be had.</summary>
    private const int ExitCode = 69;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var clock = TimeProvider.System; // whatever time the service lives in: a handshake takes the machine's
        long? since = null;
        while (true)
        {
            await Task.Delay(options.Value.StuckAfter / 6, clock, stoppingToken);
            if (bus.CheckHealth().Status == BusHealthStatus.Healthy || !await greeting.GreetsAsync(stoppingToken)) since = null;
            else if (clock.GetElapsedTime(since ??= clock.GetTimestamp()) >= options.Value.StuckAfter)
            {
                LogStuck(log, options.Value.StuckAfter.TotalSeconds);
                Environment.ExitCode = ExitCode;
                lifetime.StopApplication();
                return;
            }
        }
    }

    [LoggerMessage(1, LogLevel.Critical, "The bus has been down for {Seconds} s although the broker answers; this process ends, to be started anew")]
    private static partial void LogStuck(ILogger log, double seconds);
}
