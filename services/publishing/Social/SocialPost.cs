namespace Empire.Publishing.Social;

/// <summary>A post that a person wrote for a time, as the API shows it.</summary>
/// <param name="UserId">Who scheduled it.</param>
/// <param name="PostedAt">Null until it is on the platform.</param>
/// <param name="EngagementScore">Counted after posting; 0 until then.</param>
/// <param name="Status">scheduled, posted or failed.</param>
/// <param name="Failure">In the platform's words; null unless it failed.</param>
public sealed record SocialPost(
    string Id, string UserId, string Platform, string Content, IReadOnlyList<string> MediaUrls, DateTimeOffset ScheduledTime, DateTimeOffset? PostedAt,
    int EngagementScore, string Status, string? PlatformId, string? Failure, bool Test)
{
    public const string Prefix = "soc";
}
