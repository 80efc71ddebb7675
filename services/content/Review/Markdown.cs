using System.Text.RegularExpressions;

namespace Empire.Content.Review;

/// <summary>What can be counted in a Markdown text without rendering it.</summary>
internal static partial class Markdown
{
    /// <summary>Search engines cut a description off there.</summary>
    private const int LongestMeta = 160;

    /// <summary>Words as a reader counts them: link targets and marks are none.</summary>
    public static int Words(string markdown) => Word().Count(Link().Replace(markdown, "$1"));

    public static int Sections(string markdown) => Section().Count(markdown);

    /// <summary>The ids of the products that the text links, each once.</summary>
    public static IReadOnlyCollection<string> LinkedProducts(string markdown) =>
        ProductLink().Matches(markdown).Select(match => match.Groups[1].Value.ToLowerInvariant()).ToHashSet();

    public static IEnumerable<Objection> CheckLength(string markdown, int fewest, int most)
    {
        var words = Words(markdown);
        if (words < fewest || words > most) yield return new("length", $"{words} words; wanted: {fewest} to {most}");
    }

    public static IEnumerable<Objection> CheckMeta(string description)
    {
        if (description.Length is 0 or > LongestMeta) yield return new("meta-description", $"{description.Length} characters; wanted: 1 to {LongestMeta}");
    }

    [GeneratedRegex(@"[\p{L}\p{N}]+(?:['’.,\-][\p{L}\p{N}]+)*")]
    private static partial Regex Word();

    [GeneratedRegex("^## +[^ ]", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex(@"!?\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\]\(product:([0-9a-fA-F-]{36})\)")]
    private static partial Regex ProductLink();
}
