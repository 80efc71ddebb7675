namespace Empire.Contracts;

/// <summary>A cycle ran through all its steps. Published by autopilot, once per cycle.</summary>
public sealed record CycleCompleted
{
    public required Guid TenantId { get; init; }
    public required Guid CycleId { get; init; }
    public required int PiecesGenerated { get; init; }
    public required int PiecesPublished { get; init; }
    public required long CostMicros { get; init; }
    public required string Currency { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}
