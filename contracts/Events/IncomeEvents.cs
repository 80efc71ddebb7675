namespace Empire.Contracts;

/// <summary>An advertising network reported what it owes us for advertisements beside our content. Published by the service that reads the network's report, once per line of it.</summary>
/// <remarks><see cref="AdRevenueId"/> identifies a repeat. A network that restates a day is told by another event with the difference.</remarks>
public sealed record AdRevenueReported
{
    public required Guid TenantId { get; init; }
    public required Guid AdRevenueId { get; init; }
    /// <summary>Who pays: <c>adsense</c>.</summary>
    public required string Network { get; init; }
    /// <summary>Millionths of <see cref="Currency"/>; negative where the network takes back.</summary>
    public required long Micros { get; init; }
    public required string Currency { get; init; }
    public Guid? PieceId { get; init; }
    public Guid? PublicationId { get; init; }
    public Guid? ProductId { get; init; }
    public string? Niche { get; init; }
    public string? Platform { get; init; }
    public string? PromptVersion { get; init; }
    /// <summary>For people, in one line.</summary>
    public required string Description { get; init; }
    public required bool Test { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A sponsor agreed to pay for a piece or a placement. Published once per agreed sum.</summary>
/// <remarks><see cref="SponsoredIncomeId"/> identifies a repeat.</remarks>
public sealed record SponsoredIncomeRecorded
{
    public required Guid TenantId { get; init; }
    public required Guid SponsoredIncomeId { get; init; }
    /// <summary>The company that pays.</summary>
    public required string Sponsor { get; init; }
    /// <summary>Millionths of <see cref="Currency"/>; negative where a sum is corrected.</summary>
    public required long Micros { get; init; }
    public required string Currency { get; init; }
    public Guid? PieceId { get; init; }
    public Guid? PublicationId { get; init; }
    public Guid? ProductId { get; init; }
    public string? Niche { get; init; }
    public string? Platform { get; init; }
    public string? PromptVersion { get; init; }
    /// <summary>For people, in one line.</summary>
    public required string Description { get; init; }
    public required bool Test { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A lead became a customer, and someone said what that is worth. Published by the service that keeps the lead, once per value given.</summary>
/// <remarks><see cref="LeadConversionId"/> identifies a repeat. A changed value is told by another event with the difference.</remarks>
public sealed record LeadConverted
{
    public required Guid TenantId { get; init; }
    public required Guid LeadConversionId { get; init; }
    public required Guid LeadId { get; init; }
    /// <summary>Millionths of <see cref="Currency"/>; negative where the value was lowered.</summary>
    public required long Micros { get; init; }
    public required string Currency { get; init; }
    public Guid? PieceId { get; init; }
    public Guid? PublicationId { get; init; }
    public Guid? ProductId { get; init; }
    public string? Niche { get; init; }
    public string? Platform { get; init; }
    public string? PromptVersion { get; init; }
    public required bool Test { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}
