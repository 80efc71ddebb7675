namespace Empire.Publishing.Social;

/// <summary>The platforms of the calendar, and what a post there may be.</summary>
public static class SocialPlatform
{
    public const string Twitter = "twitter";

    private static readonly string[] Announced = [Twitter, "linkedin", "reddit", "tiktok"];

    /// <returns>The platform's name as stored; null when there is none of that name. X is still called twitter here, as clients know it.</returns>
    public static string? Find(string name) => name.ToLowerInvariant() switch
    {
        "x" or Twitter => Twitter,
        var known when Announced.Contains(known) => known,
        _ => null,
    };

    public static string All => string.Join(", ", Announced);

    /// <summary>A platform that is known but to which this installation cannot post.</summary>
    public static Refusal? NotConnected(string platform) =>
        platform == Twitter ? null : new("platform-not-connected", $"Posting to {platform} needs a connected account, and this installation can connect only to twitter so far.");
}
