using System.Diagnostics;
using Empire.Data;
using Microsoft.Extensions.Options;

namespace Empire.Autopilot.Cycles;

/// <summary>Runs the steps of all tenants' cycles, each under a lease. Several runners, in one process or many, share the work; one that dies is
/// replaced when its lease runs out.</summary>
internal sealed partial class CycleRunner(
    Database db, IEnumerable<ICycleStep> steps, CycleFinish finish, CycleSignal signal, IOptions<CycleOptions> options, TimeProvider clock, ILogger<CycleRunner> log) : BackgroundService
{
    private static readonly ActivitySource Source = new("Empire.Autopilot.Cycles");
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, ICycleStep> byName = steps.ToDictionary(step => step.Name);
    private readonly CycleOptions options = options.Value;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Concurrency).Select(slot => RunSlotAsync(slot, stoppingToken)));

    /// <summary>Slot 0 also admits. The others sleep until there is something: an idle installation asks once per interval, not ten times.</summary>
    private async Task RunSlotAsync(int slot, CancellationToken ct)
    {
        var runner = $"{Environment.MachineName}:{Environment.ProcessId}:{slot}";
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (slot == 0) await AdmitAsync(ct);
                if (await RunNextAsync(runner, ct)) signal.Set();
                else await signal.WaitAsync(slot == 0 ? LookInterval : LookInterval * 20, ct, clock);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogRunnerFailed(log, e);
                await Task.Delay(LookInterval, clock, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task AdmitAsync(CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        await StepTable.AdmitAsync(work, options.Concurrency, ct);
        await work.CommitAsync(ct);
    }

    private async Task<bool> RunNextAsync(string runner, CancellationToken ct)
    {
        ClaimedStep? step;
        await using (var work = await db.BeginSystemAsync(ct))
        {
            step = await StepTable.ClaimAsync(work, runner, options.Lease, clock.GetUtcNow(), ct);
            await work.CommitAsync(ct);
        }
        if (step is null) return false;
        FaultPoint.Pass("cycle.claimed");
        using var activity = Source.StartActivity($"cycle {step.Name}");
        activity?.SetTag("empire.cycle", step.CycleId);
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var renewal = RenewAsync(step, runner, lost);
        try
        {
            var result = await byName[step.Name].RunAsync(step.ToContext(), lost.Token);
            FaultPoint.Pass($"cycle.{step.Name}-ran");
            await RecordAsync(step, runner, result);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            await RecordFailureAsync(step, runner, e);
        }
        finally
        {
            await lost.CancelAsync();
            await renewal;
        }
        return true;
    }

    /// <summary>Keeps the lease while the step runs; a lease that was lost cancels the step.</summary>
    private async Task RenewAsync(ClaimedStep step, string runner, CancellationTokenSource lost)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.Lease / 3, clock, lost.Token);
                await using var work = await db.BeginAsync(step.TenantId, lost.Token);
                var mine = await StepTable.RenewAsync(work, step, runner, clock.GetUtcNow() + options.Lease, lost.Token);
                await work.CommitAsync(lost.Token);
                if (!mine) await lost.CancelAsync();
            }
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // the step has ended, or is no longer ours
        }
        catch (Exception e)
        {
            LogRenewalFailed(log, step.Name, step.CycleId, e);   // the lease runs out by itself; recording is refused then
        }
    }

    /// <summary>With no token: what has been done is written down even while the process stops.</summary>
    private async Task RecordAsync(ClaimedStep step, string runner, StepResult result)
    {
        var now = clock.GetUtcNow();
        await using var work = await db.BeginAsync(step.TenantId, CancellationToken.None);
        if (result is StepResult.Waiting waiting)
        {
            await StepTable.RecordAsync(work, step, runner, "waiting", waiting.Evidence, null, now + waiting.LookAgainAfter, now, CancellationToken.None);
        }
        else if (result is StepResult.Done done
            && await StepTable.RecordAsync(work, step, runner, "succeeded", done.Evidence, null, now, now, CancellationToken.None))
        {
            LogStepSucceeded(log, step.Name, step.CycleId, step.Attempts);
            if (await StepTable.IsLastAsync(work, step, CancellationToken.None)) await finish.CompleteAsync(work, step.CycleId, now, CancellationToken.None);
        }
        await work.CommitAsync(CancellationToken.None);
    }

    private async Task RecordFailureAsync(ClaimedStep step, string runner, Exception failure)
    {
        var now = clock.GetUtcNow();
        var since = step.FailingSince ?? now;
        var away = Outage.Is(failure);
        var failures = away ? step.Failures : step.Failures + 1;
        var last = away ? now - since >= options.OutagePatience : failures >= options.Attempts;
        LogStepFailed(log, step.Name, step.CycleId, step.Attempts, failure);
        await using var work = await db.BeginAsync(step.TenantId, CancellationToken.None);
        var backOff = away ? LookAgain(now - since) : TimeSpan.FromSeconds(Math.Min(300, Math.Pow(2, failures - 1)));
        var mine = await StepTable.RecordAsync(
            work, step, runner, last ? "failed" : "pending", null, failure.Message, now + backOff, now, CancellationToken.None, (failures, since));
        if (mine && last) await finish.FailAsync(work, step, failure.Message, now, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    /// <summary>As long again as the neighbour has been away: soon after a blink, and at most five minutes after a long night.</summary>
    private static TimeSpan LookAgain(TimeSpan away) => TimeSpan.FromSeconds(Math.Clamp(away.TotalSeconds, 1, 300));

    [LoggerMessage(1, LogLevel.Information, "Step {Step} of cycle {Cycle} succeeded at attempt {Attempt}")]
    private static partial void LogStepSucceeded(ILogger log, string step, Guid cycle, int attempt);

    [LoggerMessage(2, LogLevel.Warning, "Step {Step} of cycle {Cycle} failed at attempt {Attempt}; it is tried again")]
    private static partial void LogStepFailed(ILogger log, string step, Guid cycle, int attempt, Exception e);

    [LoggerMessage(3, LogLevel.Error, "The cycle runner could not look for work")]
    private static partial void LogRunnerFailed(ILogger log, Exception e);

    [LoggerMessage(4, LogLevel.Warning, "The lease of step {Step} of cycle {Cycle} could not be renewed")]
    private static partial void LogRenewalFailed(ILogger log, string step, Guid cycle, Exception e);
}
