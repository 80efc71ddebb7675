namespace Empire.Contracts;

/// <summary>Someone followed a tracked link. Published by analytics, once per stored click.</summary>
public sealed record AffiliateClicked
{
    public required Guid TenantId { get; init; }
    public required Guid ClickId { get; init; }
    /// <summary>The code of <c>/r/{code}</c>.</summary>
    public required string LinkCode { get; init; }
    public Guid? PublicationId { get; init; }
    public Guid? PieceId { get; init; }
    public Guid? ProductId { get; init; }
    /// <summary>The campaign that the link belongs to.</summary>
    public Guid? CampaignId { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>An affiliate network credited a sale to one of our clicks. Published by analytics, once per network and conversion id, for ever.</summary>
public sealed record ConversionRecorded
{
    public required Guid TenantId { get; init; }
    public required Guid ConversionId { get; init; }
    public required string Network { get; init; }
    /// <summary>The network's own id.</summary>
    public required string NetworkConversionId { get; init; }
    public Guid? ClickId { get; init; }
    public Guid? PublicationId { get; init; }
    public Guid? PieceId { get; init; }
    public Guid? ProductId { get; init; }
    public string? Niche { get; init; }
    public string? Platform { get; init; }
    public string? PromptVersion { get; init; }
    /// <summary>The campaign whose link the buyer followed.</summary>
    public Guid? CampaignId { get; init; }
    /// <summary>Our commission, in millionths of <see cref="Currency"/>.</summary>
    public required long CommissionMicros { get; init; }
    public required string Currency { get; init; }
    public required bool Test { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A recorded conversion was taken back by its network: the sale was returned. Published by analytics, once per conversion.</summary>
public sealed record ConversionReversed
{
    public required Guid TenantId { get; init; }
    public required Guid ConversionId { get; init; }
    /// <summary>What is taken back, in millionths of <see cref="Currency"/>; positive.</summary>
    public required long CommissionMicros { get; init; }
    public required string Currency { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}
