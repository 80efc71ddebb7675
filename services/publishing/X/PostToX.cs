using Empire.Effects;

namespace Empire.Publishing.X;

/// <summary>One post on X, decided. Exactly one of the two ids says what it belongs to.</summary>
/// <param name="Account">Our name of the account.</param>
/// <param name="LinkCode">Of the tracked link in the text: no other post has it, so a probe knows the post by it. Null where the text itself must do.</param>
public sealed record PostToX(Guid? PublicationId, Guid? SocialPostId, string Account, string Text, string? LinkCode, bool Test)
{
    public const string Kind = "publishing.x-post";

    /// <summary>The shares of X's limit and of our own daily cap that one post takes at its time: X counts by its account, whoever of ours posts.</summary>
    public static IReadOnlyList<QuotaToken> Quotas(XOptions options, DateTimeOffset due)
    {
        var quarter = WindowOf(due);
        return
        [
            new($"x-posts:{options.Account}", $"{quarter:yyyy-MM-dd'T'HH:mm}", 1, options.PostsPer15Minutes, Shared: true),
            new($"x-posts-daily:{options.Account}", $"{due.UtcDateTime:yyyy-MM-dd}", 1, options.PostsPerDay, Shared: true),
        ];
    }

    /// <summary>When it is worth asking for quota again.</summary>
    public static DateTimeOffset NextWindow(DateTimeOffset now) => WindowOf(now).AddMinutes(15);

    private static DateTimeOffset WindowOf(DateTimeOffset time) => new(time.UtcTicks - time.UtcTicks % TimeSpan.FromMinutes(15).Ticks, TimeSpan.Zero);
}
