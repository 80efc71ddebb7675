namespace Empire.Effects;

/// <summary>An effect that this process holds under a lease, to perform or to probe.</summary>
/// <param name="State">running: perform it; unknown: probe it.</param>
/// <param name="Attempts">The number of this perform, or of the one whose outcome is unknown.</param>
/// <param name="AttemptsCounted">As <paramref name="Attempts"/>, without those that a person's verdict forgave.</param>
/// <param name="FailedProbes">In a row, since the outcome became unknown; this one is counted until it is answered.</param>
/// <param name="Answer">What the provider said already, where recording it failed; JSON of <see cref="EffectAnswer"/>.</param>
internal sealed record EffectClaim(
    Guid Id, TenantId Tenant, string Kind, string Key, string Intent, string State, int Attempts, int AttemptsCounted, int Probes, int FailedProbes,
    DateTimeOffset FirstStartedAt, string? Answer, string? Traceparent)
{
    public bool IsProbe => State == "unknown";
}
