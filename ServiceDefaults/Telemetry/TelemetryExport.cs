using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Empire.Telemetry;

/// <summary>Collects from before the first other worker starts, being made with the host, until after the last has stopped.</summary>
internal sealed class TelemetryExport(TracerProvider traces, MeterProvider metrics) : IHostedService
{
    private const int LongestFlushMilliseconds = 2000;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        traces.ForceFlush(LongestFlushMilliseconds);
        metrics.ForceFlush(LongestFlushMilliseconds);
        return Task.CompletedTask;
    }
}
