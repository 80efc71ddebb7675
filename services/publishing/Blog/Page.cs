using Empire.Publishing.Pieces;

namespace Empire.Publishing.Blog;

/// <summary>A published piece on a site: what a list shows of it.</summary>
/// <param name="Kind">post or recipe.</param>
/// <param name="Niche">As the catalogue names it, <c>home coffee</c>; null for a piece about no product.</param>
/// <param name="Minutes">To read for a post, from start to table for a recipe.</param>
/// <param name="Image">Its cover, a file name under <c>/media/</c>; null draws one.</param>
/// <param name="Test">Made against the sandbox; the page says so.</param>
public record PageSummary(
    string Kind, string Slug, string Title, string Description, string? Niche, int Minutes, string? Image, bool Test,
    DateTimeOffset PublishedAt, DateTimeOffset UpdatedAt)
{
    public const string Post = "post", Recipe = "recipe";

    public string Path => PathOf(Kind, Slug);

    /// <summary>Of the picture that stands for the page elsewhere.</summary>
    public string CoverPath => Image is null ? $"/covers/{Kind}/{Slug}.svg" : $"/media/{Image}";

    /// <summary>Set smaller, so that it does not push the page away.</summary>
    public bool HasLongTitle => Title.Length > 56;

    public static string PathOf(string kind, string slug) => kind == Recipe ? $"/recipes/{slug}" : $"/blog/{slug}";
}

/// <summary>A page with all that it needs to be drawn.</summary>
/// <param name="Document">The piece's own document, by kind.</param>
/// <param name="LinkCode">The tracked link to the product, <c>/r/{code}</c>; null exactly when <paramref name="Product"/> is.</param>
/// <param name="ProductImage">File name under <c>/media/</c>; null when the product has no picture we can serve.</param>
public sealed record Page(PageSummary Summary, string Document, ProductMention? Product, string? LinkCode, string? ProductImage)
{
    public string? AffiliatePath => LinkCode is null ? null : $"/r/{LinkCode}";
}

/// <summary>A subject of the site: <c>home coffee</c> at <c>/niches/home-coffee</c>.</summary>
public sealed record Niche(string Name, int Pages)
{
    public string Path => PathOf(Name);
    public string Label => LabelOf(Name);

    public static string PathOf(string name) => $"/niches/{Slug.Of(name)}";
    public static string LabelOf(string name) => name.Length == 0 ? name : $"{char.ToUpperInvariant(name[0])}{name[1..]}";
}
