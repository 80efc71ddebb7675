using Empire.Data;
using Empire.Http;

namespace Empire.Publishing.Social;

/// <summary>What is scheduled and what was posted, by platform and in order of time.</summary>
public static class ShowCalendar
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7), Longest = TimeSpan.FromDays(92);

    /// <example>{"from": "2026-03-02T00:00:00+00:00", "to": "2026-03-09T00:00:00+00:00", "platforms": [{"name": "twitter", "posts": [{"id": "soc_0199f3a17c5b7d3e8a4b5c6d7e8f902e",
    /// "user_id": "user:0199f3a17c5b7d3e8a4b5c6d7e8f9012", "platform": "twitter", "content": "Forty steps of grind, and the one you need is the ninth.", "media_urls": [],
    /// "scheduled_time": "2026-03-02T08:00:00+00:00", "posted_at": null, "engagement_score": 0, "status": "scheduled", "platform_id": null, "failure": null, "test": false}]}]}</example>
    public sealed record Response(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<Platform> Platforms);
    public sealed record Platform(string Name, IReadOnlyList<SocialPost> Posts);

    /// <param name="from">Null: the start of today, UTC.</param>
    /// <param name="to">Null: a week after <paramref name="from"/>; at most 92 days.</param>
    public static async Task<Response> HandleAsync(Caller caller, Database db, TimeProvider clock, CancellationToken ct, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        var start = (from ?? new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero)).ToUniversalTime();
        var end = (to ?? start + Week).ToUniversalTime();
        if (end <= start || end - start > Longest) throw new InvalidFieldException("to", $"wanted: after from, by at most {Longest.TotalDays:0} days.");
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var posts = await SocialPostTable.BetweenAsync(work, start, end, ct);
        return new(start, end, [.. posts.GroupBy(post => post.Platform).Select(platform => new Platform(platform.Key, [.. platform]))]);
    }
}
