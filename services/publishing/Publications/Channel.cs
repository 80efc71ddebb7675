using System.Collections.Frozen;

namespace Empire.Publishing.Publications;

/// <summary>Where pieces become public, and which kinds each place takes.</summary>
public static class Channel
{
    public const string Blog = "blog", X = "x";

    private static readonly FrozenDictionary<string, string[]> Kinds = new Dictionary<string, string[]>
    {
        [Blog] = ["blog_post", "article", "recipe"],
        [X] = ["social_post"],
    }.ToFrozenDictionary();

    public static IEnumerable<string> All => Kinds.Keys.Order();

    public static Refusal? Check(string channel) =>
        Kinds.ContainsKey(channel) ? null : new("channel-unknown", $"'{channel}' is not a channel; there are {string.Join(" and ", All)}.");

    /// <param name="channel">One that <see cref="Check(string)"/> accepts.</param>
    public static Refusal? Check(string channel, string kind) =>
        Kinds[channel].Contains(kind) ? null : new("channel-kind", $"A {kind} cannot be published on {channel}; it takes {string.Join(", ", Kinds[channel])}.");
}
