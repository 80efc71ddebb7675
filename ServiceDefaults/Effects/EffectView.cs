namespace Empire.Effects;

/// <summary>An effect in a list.</summary>
/// <param name="DueAt">Planned: not before. Unknown: when the provider is asked next.</param>
/// <param name="Reference">The provider's id of what was made.</param>
/// <param name="Detail">Why it was refused, is held or was put off.</param>
internal sealed record EffectView(
    string Id, string Kind, string Key, EffectState State, int Attempts, int Probes, DateTimeOffset PlannedAt, DateTimeOffset DueAt, DateTimeOffset? FirstStartedAt,
    DateTimeOffset? SettledAt, string? Reference, string? Detail);

internal enum EffectState { Planned, Running, Unknown, Succeeded, Rejected, Held, Cancelled }

internal sealed record EffectRow(
    Guid Id, string Kind, string Key, string State, int Attempts, int Probes, DateTimeOffset PlannedAt, DateTimeOffset DueAt, DateTimeOffset? FirstStartedAt,
    DateTimeOffset? SettledAt, string? Reference, string? Detail)
{
    public const string Columns = "id, kind, key, state, attempts, probes, planned_at, due_at, first_started_at, settled_at, reference, detail";

    public EffectView ToView() => new(
        PublicId.Format("eff", Id), Kind, Key, Enum.Parse<EffectState>(State, ignoreCase: true), Attempts, Probes, PlannedAt, DueAt, FirstStartedAt, SettledAt, Reference, Detail);
}
