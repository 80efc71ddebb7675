namespace Empire.Analytics.Links;

/// <summary>A tracked link: where it leads, and the lineage that clicks and conversions through it inherit. Made once, never changed.</summary>
public sealed record TrackedLink
{
    public required string Code { get; init; }
    public required TenantId TenantId { get; init; }

    /// <summary>What the link is for, in its maker's words (publication and product); unique within the tenant.</summary>
    public required string LinkKey { get; init; }

    /// <summary>As <see cref="Links.Destination"/> normalised it.</summary>
    public required string Destination { get; init; }

    public Guid? PublicationId { get; init; }
    public Guid? PieceId { get; init; }
    public Guid? ProductId { get; init; }
    public string? Network { get; init; }
    public string? Niche { get; init; }
    public string? Platform { get; init; }
    public string? PromptVersion { get; init; }

    /// <summary>Becomes <c>utm_campaign</c>.</summary>
    public required string Campaign { get; init; }

    /// <summary>Null where the link belongs to no campaign of acquisition.</summary>
    public Guid? CampaignId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
