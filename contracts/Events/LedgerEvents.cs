namespace Empire.Contracts;

/// <summary>The books contradict themselves: a balance is not the sum of its lines, or an entry does not balance. Published by payments, once while it stands. Someone must look.</summary>
public sealed record LedgerDriftFound
{
    public required Guid TenantId { get; init; }
    public required Guid DriftId { get; init; }
    /// <summary>balance or entry.</summary>
    public required string Kind { get; init; }
    /// <summary>The account with its currency, or the entry's id.</summary>
    public required string Subject { get; init; }
    /// <summary>For people: what stands and what should.</summary>
    public required string Detail { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}
