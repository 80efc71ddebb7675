namespace Empire.Sandbox.X;

/// <summary>Engagement that grows with a post's age towards a final value of its own: most of it within the first day, never shrinking.</summary>
public sealed record PostMetrics(long ImpressionCount, long LikeCount, long ReplyCount, long RepostCount, long RetweetCount, long QuoteCount, long BookmarkCount)
{
    static readonly TimeSpan Settling = TimeSpan.FromHours(8);

    public static PostMetrics Of(Post post, DateTimeOffset now)
    {
        var luck = new Composer.Dice($"metrics {post.AuthorId} {post.Text}");
        var reached = 1 - Math.Exp(-Math.Max(0, (now - post.CreatedAt) / Settling));
        var impressions = 120 + 40 * Math.Exp(luck.Fraction() * 5); // a long tail: most posts a few hundred, a few some thousands
        long Part(double least, double most) => (long)(impressions * (least + (most - least) * luck.Fraction()) * reached);
        var reposts = Part(0.002, 0.02);
        return new((long)(impressions * reached), Part(0.008, 0.05), Part(0.001, 0.008), reposts, reposts, Part(0.0005, 0.004), Part(0.001, 0.015));
    }
}
