using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Empire.Security;

/// <summary>Runs <see cref="Resealing"/> at the start, when the keys may have changed, and every hour: a replica that was started with older keys may still have sealed something.</summary>
internal sealed partial class ResealingWorker(Resealing resealing, TimeProvider clock, ILogger<ResealingWorker> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1), Soon = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var done = false;
            try { done = await resealing.TurnAsync(stoppingToken); }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogTurnFailed(log, e); }
            await Task.Delay(done ? Every : Soon, clock, stoppingToken);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Sealing values anew failed; the next turn goes on")] private static partial void LogTurnFailed(ILogger log, Exception e);
}

/// <summary>Line <c>sealed_values</c> of <c>/health/ready</c>: healthy when every value at rest is under the newest key, so that the older ones are needed for nothing that rests here.</summary>
internal sealed class SealedValuesCheck(Resealing resealing) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Judge(resealing.Counted, resealing.WaitsFor));

    private static HealthCheckResult Judge(IReadOnlyList<KeyUse>? counted, IReadOnlyList<string> waitsFor)
    {
        if (counted is null) return HealthCheckResult.Degraded("What rests under which key has not been counted yet.");
        var others = counted.Where(use => use.State != KeyUse.Newest).Select(use => $"{use.Values} of {use.Column} under the {use.State} key {use.KeyId}").ToList();
        var waits = waitsFor.Count == 0 ? "" : $" Replicas that do not list that key: {waitsFor.Count}."; // anybody may read it: the log names them
        return others.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded($"Not under the newest key: {string.Join(", ", others)}.{waits}");
    }
}
