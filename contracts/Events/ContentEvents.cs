namespace Empire.Contracts;

/// <summary>A piece of content passed its checks and can be published. Published by content, once per piece.</summary>
/// <remarks>Delivery is at least once and unordered; <see cref="PieceId"/> identifies a repeat. The text itself is fetched over gRPC.</remarks>
public sealed record PieceGenerated
{
    public required Guid TenantId { get; init; }
    public required Guid PieceId { get; init; }
    /// <summary>What asked for it, as a cycle; null when a person did.</summary>
    public Guid? BatchId { get; init; }
    /// <summary>recipe, blog_post, script, social_post or article.</summary>
    public required string Kind { get; init; }
    public required string Title { get; init; }
    /// <summary>Null for a piece about no product.</summary>
    public Guid? ProductId { get; init; }
    public string? Niche { get; init; }
    /// <summary>Where it is meant for: blog, youtube, x.</summary>
    public required string Platform { get; init; }
    /// <summary>As <c>blog_post@1</c>.</summary>
    public required string PromptVersion { get; init; }
    /// <summary>True when it was made against the sandbox.</summary>
    public required bool Test { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A piece was asked for and will not come: no model gave an acceptable reply, or a rule forbids it. Published by content.</summary>
public sealed record PieceFailed
{
    public required Guid TenantId { get; init; }
    public required Guid PieceId { get; init; }
    public Guid? BatchId { get; init; }
    public required string Kind { get; init; }
    public required string Reason { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A day's budget for language models does not cover the next call, so that pieces wait for the next day. Published by content, once a day for each account told.</summary>
public sealed record DailyBudgetUsedUp
{
    /// <summary>Whom it concerns.</summary>
    public required Guid TenantId { get; init; }
    /// <summary>daily-budget: the account's own; daily-budget-of-others: what all accounts but the operator's may spend together, told to the operator.</summary>
    public required string Subject { get; init; }
    /// <summary>In UTC.</summary>
    public required DateOnly Day { get; init; }
    /// <summary>Millionths of <see cref="Currency"/>.</summary>
    public required long LimitMicros { get; init; }
    public required long SpentMicros { get; init; }
    public required string Currency { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>Money was spent on the way to a piece or a publication. Published by the service that spent it, once per cost.</summary>
/// <remarks><see cref="CostId"/> identifies a repeat.</remarks>
public sealed record CostIncurred
{
    public required Guid TenantId { get; init; }
    public required Guid CostId { get; init; }
    /// <summary>llm, post, voice, video, image, gpu, ads, mail, hosting, fee or other.</summary>
    public required string Category { get; init; }
    /// <summary>Millionths of <see cref="Currency"/>; 0 where only <see cref="EnergyJoules"/> is known, and negative where a person entered a credit note.</summary>
    public required long Micros { get; init; }
    public required string Currency { get; init; }
    /// <summary>Electricity that went into it; null where nobody measured.</summary>
    public long? EnergyJoules { get; init; }
    public Guid? PieceId { get; init; }
    public Guid? PublicationId { get; init; }
    public Guid? ProductId { get; init; }
    public string? Niche { get; init; }
    public string? Platform { get; init; }
    public string? PromptVersion { get; init; }
    /// <summary>The campaign that it was spent on.</summary>
    public Guid? CampaignId { get; init; }
    /// <summary>Who was paid, and for what: <c>openai gpt-4o-mini 812+1403 tokens</c>.</summary>
    public required string Description { get; init; }
    public required bool Test { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}
