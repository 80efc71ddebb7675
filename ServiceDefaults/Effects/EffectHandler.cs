using Empire.Data;

namespace Empire.Effects;

/// <summary>Performs one kind of irreversible act. Registered with <c>services.AddEffect&lt;THandler, TIntent&gt;("publishing.x-post")</c>.</summary>
public abstract class EffectHandler<TIntent> where TIntent : class
{
    /// <summary>Calls the provider, once, outside any transaction.</summary>
    /// <returns>What is known to have happened. An exception (a time-out, a cut connection) means that nothing is known: the effect becomes
    /// unknown and <see cref="ProbeAsync"/> settles it.</returns>
    public abstract Task<EffectOutcome> PerformAsync(EffectAttempt<TIntent> attempt, CancellationToken ct);

    /// <summary>Asks the provider what became of an attempt whose outcome is unknown.</summary>
    /// <returns><see cref="EffectOutcome.NotDone"/> sends the effect back to be performed; <see cref="EffectOutcome.CannotTell"/> holds it for a person.</returns>
    public abstract Task<EffectOutcome> ProbeAsync(EffectAttempt<TIntent> attempt, CancellationToken ct);

    /// <summary>Records the settled outcome in the service's own tables, in the transaction that settles the effect.</summary>
    public abstract Task SettledAsync(EffectSettled<TIntent> settled, Work work, CancellationToken ct);
}

/// <param name="Key">The effect's key: the provider's idempotency key.</param>
/// <param name="Number">1 for the first attempt.</param>
/// <param name="StartedAt">When the first attempt began; a probe looks no further back.</param>
public sealed record EffectAttempt<TIntent>(Guid EffectId, TenantId Tenant, string Key, TIntent Intent, int Number, DateTimeOffset StartedAt) where TIntent : class;

/// <param name="Succeeded">False: the provider refused for good, and <paramref name="Detail"/> says why.</param>
/// <param name="Reference">The provider's id of what was made.</param>
public sealed record EffectSettled<TIntent>(Guid EffectId, string Key, TIntent Intent, bool Succeeded, string? Reference, string? Detail, DateTimeOffset At) where TIntent : class;

/// <summary>What is known about an attempt.</summary>
public abstract record EffectOutcome
{
    private EffectOutcome() { }

    /// <summary>It happened.</summary>
    public sealed record Done(string? Reference) : EffectOutcome;

    /// <summary>The provider refused, and would again.</summary>
    public sealed record Refused(string Detail) : EffectOutcome;

    /// <summary>It surely did not happen; it may be tried again after <paramref name="RetryAfter"/> (429, connection refused).</summary>
    public sealed record NotDone(TimeSpan RetryAfter) : EffectOutcome;

    /// <summary>The provider has no way to say. Only a probe answers this.</summary>
    public sealed record CannotTell(string Detail) : EffectOutcome;
}
