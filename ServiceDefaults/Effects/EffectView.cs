namespace Empire.Effects;

/// <summary>An effect in a list.</summary>
/// <param name="DueAt">Planned: not before. Unknown: when the provider is asked next.</param>
/// <param name="Reference">The provider's id of what was made.</param>
/// <param name="Detail">Why it was refused, is held or was put off.</param>
/// <example>{"id": "eff_0199f3a17c5b7d3e8a4b5c6d7e8f902c", "kind": "publishing.x-post", "key": "soc_0199f3a17c5b7d3e8a4b5c6d7e8f902e", "state": "succeeded", "attempts": 1, "probes": 0,
/// "planned_at": "2026-03-02T08:00:00+00:00", "due_at": "2026-03-02T08:00:00+00:00", "first_started_at": "2026-03-02T08:00:01+00:00", "settled_at": "2026-03-02T08:00:02+00:00",
/// "reference": "1881", "detail": null}</example>
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
