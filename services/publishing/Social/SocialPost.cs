namespace Empire.Publishing.Social;

/// <summary>A post that a person wrote for a time, as the API shows it.</summary>
/// <param name="UserId">Who scheduled it.</param>
/// <param name="PostedAt">Null until it is on the platform.</param>
/// <param name="EngagementScore">Counted after posting; 0 until then.</param>
/// <param name="Status">scheduled, posted or failed.</param>
/// <param name="Failure">In the platform's words; null unless it failed.</param>
/// <example>{"id": "soc_0199f3a17c5b7d3e8a4b5c6d7e8f902e", "user_id": "user:0199f3a17c5b7d3e8a4b5c6d7e8f9012", "platform": "twitter",
/// "content": "Forty steps of grind, and the one you need is the ninth.", "media_urls": [], "scheduled_time": "2026-03-02T08:00:00+00:00", "posted_at": null, "engagement_score": 0,
/// "status": "scheduled", "platform_id": null, "failure": null, "test": false}</example>
public sealed record SocialPost(
    string Id, string UserId, string Platform, string Content, IReadOnlyList<string> MediaUrls, DateTimeOffset ScheduledTime, DateTimeOffset? PostedAt,
    int EngagementScore, string Status, string? PlatformId, string? Failure, bool Test)
{
    public const string Prefix = "soc";
}
