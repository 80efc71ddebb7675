namespace Empire.Publishing.Publications;

/// <summary>A piece on its way to one channel, with the lineage that its links, costs and conversions carry on.</summary>
public sealed record Publication
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }
    public required Guid PieceId { get; init; }

    /// <summary>blog or x.</summary>
    public required string Channel { get; init; }

    /// <summary>planned, publishing (its effect is under way), published or failed.</summary>
    public required string State { get; init; }

    /// <summary>What asked for it first, as a cycle; null when a person did.</summary>
    public Guid? BatchId { get; init; }

    /// <summary>Of the piece: blog_post, recipe, article, social_post.</summary>
    public required string Kind { get; init; }
    public required string Title { get; init; }
    public Guid? ProductId { get; init; }
    public string? Niche { get; init; }
    public required string PromptVersion { get; init; }
    public required bool Test { get; init; }
    public string? Url { get; init; }
    public string? PlatformId { get; init; }

    /// <summary>Why it failed; null unless it did.</summary>
    public string? Failure { get; init; }

    /// <summary>Attempts that ended in an error.</summary>
    public int Failures { get; init; }
    public required DateTimeOffset PlannedAt { get; init; }
    public DateTimeOffset? SettledAt { get; init; }

    public TenantId Tenant => new(TenantId);

    /// <summary>The same whenever this publication's product is linked again, so that a repeated step gets the link made first.</summary>
    public string LinkKey => $"{PublicId.Format(Prefix, Id)}:{ProductId:N}";

    /// <summary>How often it was asked for again after it had failed.</summary>
    public int Revived { get; init; }

    /// <summary>The key of its effect, for a channel that has one.</summary>
    public string EffectKey => Revived == 0 ? PublicId.Format(Prefix, Id) : $"{PublicId.Format(Prefix, Id)}:{Revived}";

    public const string Prefix = "pub";
}
