using System.Diagnostics;
using Empire.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Empire.Effects;

/// <summary>Takes one claimed effect one step: performs or probes it, and writes what is then known.</summary>
internal sealed partial class EffectRun(
    EffectDrivers drivers, EffectSettlement settlement, IServiceScopeFactory scopes, IOptions<EffectsOptions> options, TimeProvider clock, ILogger<EffectRun> log)
{
    private static readonly ActivitySource Source = new("Empire.Effects");

    /// <param name="leaseLost">Fires when the lease can no longer be kept: the call is given up, because another worker may soon ask about it.</param>
    public async Task StepAsync(EffectClaim claim, CancellationToken leaseLost)
    {
        FaultPoint.Pass("effects.claimed");
        using var activity = Source.StartActivity($"effect {claim.Kind}", ActivityKind.Internal, claim.Traceparent);
        activity?.SetTag("empire.effect", PublicId.Format("eff", claim.Id)).SetTag(TenantTag.Name, claim.Tenant.ToString());
        await using var scope = scopes.CreateAsyncScope();
        var driver = drivers[claim.Kind];
        // From here on the answer is written whatever happens to this process's other work: the call may have changed the world.
        if (claim.IsProbe && claim.FailedProbes > options.Value.MaxProbes) await HoldAsync(claim, "The process ended while it was asked about, or its answer recorded, so often that a person decides.", null);
        else if (claim.Answer is { } known) await SettleAsync(claim, EffectAnswer.Parse(known), driver, scope.ServiceProvider);
        else if (driver.Unreadable(claim.Intent) is { } fault) await HoldAsync(claim, $"This build cannot read the intent: {fault}", null);
        else if (claim.IsProbe) await ProbeAsync(claim, driver, scope.ServiceProvider, leaseLost);
        else await PerformAsync(claim, driver, scope.ServiceProvider, leaseLost);
    }

    private async Task PerformAsync(EffectClaim claim, EffectDriver driver, IServiceProvider services, CancellationToken leaseLost)
    {
        if (await settlement.WaitsAsync(claim, CancellationToken.None) is { } reason)
        {
            await settlement.PlanAgainAsync(claim, clock.GetUtcNow(), reason, CancellationToken.None);
            return;
        }
        EffectOutcome outcome;
        try
        {
            using var limit = Limit(leaseLost);
            outcome = await driver.PerformAsync(services, claim, limit.Token);
        }
        catch (ProviderException e) when (e.IsOff)
        {
            outcome = new EffectOutcome.Refused(e.Message); // it was on when this was planned, and no repeat will be heard
        }
        catch (ProviderException e) when (e.NotSent)
        {
            outcome = new EffectOutcome.NotDone(e.RetryAfter ?? TimeSpan.Zero);
        }
        catch (Exception e) // whatever it was, the provider may have acted
        {
            LogUnknown(log, claim.Kind, claim.Id, e);
            outcome = new EffectOutcome.CannotTell(e.Message);
        }
        FaultPoint.Pass("effects.performed");
        if (outcome is EffectOutcome.CannotTell unknown)
            await settlement.MarkUnknownAsync(claim, clock.GetUtcNow() + options.Value.ProbeDelay, unknown.Detail, CancellationToken.None);
        else await RecordAsync(claim, outcome, driver, services);
    }

    private async Task ProbeAsync(EffectClaim claim, EffectDriver driver, IServiceProvider services, CancellationToken leaseLost)
    {
        EffectOutcome outcome;
        try
        {
            using var limit = Limit(leaseLost);
            outcome = await driver.ProbeAsync(services, claim, limit.Token);
        }
        catch (ProviderException e) when (e.IsOff) // nobody is there to ask: a person decides
        {
            await HoldAsync(claim, $"Whether it happened cannot be asked: {e.Message}", null);
            return;
        }
        catch (Exception e) // a question may be asked again
        {
            await AgainOrHoldAsync(claim, $"The probe failed: {e.Message}", null);
            return;
        }
        FaultPoint.Pass("effects.probed");
        if (outcome is EffectOutcome.CannotTell cannot) await HoldAsync(claim, cannot.Detail, null);
        else await RecordAsync(claim, outcome, driver, services);
    }

    private Task RecordAsync(EffectClaim claim, EffectOutcome outcome, EffectDriver driver, IServiceProvider services) => outcome switch
    {
        EffectOutcome.Done done => SettleAsync(claim, new(true, done.Reference, null), driver, services),
        EffectOutcome.Refused refused => SettleAsync(claim, new(false, null, refused.Detail), driver, services),
        EffectOutcome.NotDone notDone => PlanAgainOrHoldAsync(claim, notDone.RetryAfter),
        _ => throw new UnreachableException(),
    };

    private async Task SettleAsync(EffectClaim claim, EffectAnswer answer, EffectDriver driver, IServiceProvider services)
    {
        try
        {
            if (!await settlement.SettleAsync(claim, answer, driver, services, CancellationToken.None)) return; // somebody settled it before
            EffectMetrics.Settled(claim.Kind, answer.Succeeded);
            if (answer.Succeeded) LogSucceeded(log, claim.Kind, claim.Id, answer.Reference);
            else LogRejected(log, claim.Kind, claim.Id, answer.Detail);
        }
        catch (Exception e) // what the provider said must outlive a fault in our own records
        {
            LogNotRecorded(log, claim.Kind, claim.Id, e);
            await AgainOrHoldAsync(claim, $"Recording the outcome failed: {e.Message}", answer);
        }
    }

    private Task PlanAgainOrHoldAsync(EffectClaim claim, TimeSpan retryAfter)
    {
        var limits = options.Value;
        if (claim.AttemptsCounted >= limits.MaxAttempts) return HoldAsync(claim, $"It surely did not happen in {claim.AttemptsCounted} attempts.", null);
        var pause = BackOff(limits.RetryDelay, claim.AttemptsCounted - 1);
        return settlement.PlanAgainAsync(claim, clock.GetUtcNow() + (retryAfter > pause ? retryAfter : pause), null, CancellationToken.None);
    }

    private Task AgainOrHoldAsync(EffectClaim claim, string detail, EffectAnswer? answer)
    {
        var failed = Math.Max(claim.FailedProbes, 1); // where performing it was answered and not recorded, this is the first
        return failed >= options.Value.MaxProbes
            ? HoldAsync(claim, detail, answer)
            : settlement.ProbeAgainAsync(claim, clock.GetUtcNow() + BackOff(options.Value.ProbeDelay, failed - 1), detail, answer, CancellationToken.None);
    }

    private Task HoldAsync(EffectClaim claim, string detail, EffectAnswer? answer)
    {
        EffectMetrics.Held(claim.Kind);
        LogHeld(log, claim.Kind, claim.Id, detail);
        return settlement.HoldAsync(claim, detail, answer, CancellationToken.None);
    }

    private CancellationTokenSource Limit(CancellationToken leaseLost)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(leaseLost);
        limit.CancelAfter(options.Value.CallTimeout);
        return limit;
    }

    /// <summary>Doubles each time, to 64 times the first.</summary>
    private static TimeSpan BackOff(TimeSpan first, int times) => first * (1 << Math.Clamp(times, 0, 6));

    [LoggerMessage(1, LogLevel.Information, "Effect {Kind} {Effect} succeeded: {Reference}")]
    private static partial void LogSucceeded(ILogger log, string kind, Guid effect, string? reference);

    [LoggerMessage(2, LogLevel.Information, "Effect {Kind} {Effect} was refused: {Detail}")]
    private static partial void LogRejected(ILogger log, string kind, Guid effect, string? detail);

    [LoggerMessage(3, LogLevel.Warning, "Effect {Kind} {Effect} has an unknown outcome; the provider will be asked")]
    private static partial void LogUnknown(ILogger log, string kind, Guid effect, Exception e);

    [LoggerMessage(4, LogLevel.Error, "Effect {Kind} {Effect} is held for a person to decide: {Detail}")]
    private static partial void LogHeld(ILogger log, string kind, Guid effect, string detail);

    [LoggerMessage(5, LogLevel.Error, "Effect {Kind} {Effect} has its answer, but recording it failed")]
    private static partial void LogNotRecorded(ILogger log, string kind, Guid effect, Exception e);
}
