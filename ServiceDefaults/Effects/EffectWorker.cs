using System.Collections.Concurrent;
using Empire.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Empire.Effects;

/// <summary>Claims due effects and runs them, a bounded number at once. A stop lets the calls under way finish: cutting one off makes its outcome unknown.</summary>
internal sealed partial class EffectWorker(
    EffectClaims claims, EffectRun run, EffectLeases leases, EffectDrivers drivers, EffectWorkerName worker, WorkHooks hooks, IOptions<EffectsOptions> options, ILogger<EffectWorker> log)
    : BackgroundService
{
    private readonly ConcurrentDictionary<Guid, Task> underWay = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var more = await TurnAsync(stoppingToken);
                if (!more) await hooks.WaitForEffectsAsync(options.Value.PollEvery, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
        await Task.WhenAll(underWay.Values);
    }

    /// <returns>True when there may be more to claim at once.</returns>
    private async Task<bool> TurnAsync(CancellationToken ct)
    {
        var free = options.Value.Concurrency - underWay.Count;
        if (free == 0 || drivers.Kinds.Length == 0) return false;
        try
        {
            if (await claims.TakeOverAbandonedAsync(options.Value.ProbeDelay, ct) is > 0 and var abandoned) LogTookOver(log, abandoned);
            var claimed = await claims.ClaimAsync(drivers.Kinds, free, worker.Name, options.Value.Lease, ct);
            foreach (var claim in claimed) Start(claim);
            return claimed.Count == free && underWay.Count < options.Value.Concurrency;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogTurnFailed(log, e);
            return false;
        }
    }

    private void Start(EffectClaim claim)
    {
        var start = new TaskCompletionSource();
        underWay[claim.Id] = StepAsync(start.Task, claim);
        start.SetResult(); // only now may the step end and remove itself
    }

    private async Task StepAsync(Task started, EffectClaim claim)
    {
        await started;
        using var lease = leases.Hold(claim.Id);
        try { await run.StepAsync(claim, lease.Lost); }
        catch (Exception e) { LogStepFailed(log, claim.Kind, claim.Id, e); } // its lease runs out, and then it is probed
        underWay.TryRemove(claim.Id, out _);
        hooks.EffectsPlanned(); // a place is free
    }

    [LoggerMessage(1, LogLevel.Error, "Looking for due effects failed")] private static partial void LogTurnFailed(ILogger log, Exception e);
    [LoggerMessage(2, LogLevel.Error, "Effect {Kind} {Effect}: writing down what happened failed")] private static partial void LogStepFailed(ILogger log, string kind, Guid effect, Exception e);
    [LoggerMessage(3, LogLevel.Warning, "{Count} effects were left running by a worker that fell silent; their providers will be asked")] private static partial void LogTookOver(ILogger log, int count);
}
