namespace Empire.Contracts;

/// <summary>A piece is public. Published by publishing, once per publication.</summary>
public sealed record ContentPublished
{
    public required Guid TenantId { get; init; }
    public required Guid PublicationId { get; init; }
    public required Guid PieceId { get; init; }
    public Guid? BatchId { get; init; }
    /// <summary>blog or x.</summary>
    public required string Channel { get; init; }
    /// <summary>Where people see it.</summary>
    public required string Url { get; init; }
    /// <summary>The platform's own id of the post; null for the blog.</summary>
    public string? PlatformId { get; init; }
    public Guid? ProductId { get; init; }
    public string? Niche { get; init; }
    public required string PromptVersion { get; init; }
    public required bool Test { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A planned publication will not become public: the platform refused it, a rule forbids it, or a person rejected it. Published by publishing.</summary>
public sealed record PublicationFailed
{
    public required Guid TenantId { get; init; }
    public required Guid PublicationId { get; init; }
    public required Guid PieceId { get; init; }
    public Guid? BatchId { get; init; }
    public required string Channel { get; init; }
    public required string Reason { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A platform will take no further post from an account until a person has acted: it is suspended, locked or its token was revoked. Published by
/// publishing, once per stop.</summary>
public sealed record PlatformAccountStopped
{
    public required Guid TenantId { get; init; }
    /// <summary>x.</summary>
    public required string Platform { get; init; }
    /// <summary>Our name of the account.</summary>
    public required string Account { get; init; }
    /// <summary>In the platform's words.</summary>
    public required string Reason { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}
