namespace Empire.Contracts;

/// <summary>A new account exists. Published by identity, once per tenant.</summary>
public sealed record TenantCreated
{
    public required Guid TenantId { get; init; }
    public required string Name { get; init; }
    /// <summary>IANA zone of the owner's calendar, as America/New_York: days and schedules follow it.</summary>
    public required string TimeZone { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}
