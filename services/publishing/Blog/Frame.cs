namespace Empire.Publishing.Blog;

/// <summary>What every page of a site shows around its own content.</summary>
/// <param name="Niches">The site's subjects, the fullest first.</param>
public sealed record Frame(Site Site, IReadOnlyList<Niche> Niches, int Year);

/// <summary>What a page tells browsers, search engines and other sites about itself.</summary>
/// <param name="Path">Of the canonical address.</param>
/// <param name="Type">Open Graph: website or article.</param>
/// <param name="Image">File name under <c>/media/</c>.</param>
/// <param name="StructuredData">JSON-LD documents.</param>
/// <param name="Indexed">False for a page that search engines shall not keep.</param>
public sealed record Head(
    string Title, string Description, string Path, string Type = "website", string? Image = null, IReadOnlyList<string>? StructuredData = null,
    DateTimeOffset? PublishedAt = null, string? Previous = null, string? Next = null, bool Indexed = true);

/// <summary>The site's front: the newest pages of both kinds.</summary>
public sealed record FrontModel(Frame Frame, PageSummary? Lead, IReadOnlyList<PageSummary> Posts, IReadOnlyList<PageSummary> Recipes);

/// <summary>One sheet of a list: all posts, all recipes, or one niche.</summary>
/// <param name="Path">Of the first sheet.</param>
/// <param name="Number">1-based.</param>
public sealed record ListModel(Frame Frame, string Title, string Lede, string Path, int Number, int Sheets, IReadOnlyList<PageSummary> Pages)
{
    public string PathOf(int number) => number == 1 ? Path : $"{Path}?page={number}";
}

/// <param name="Related">Other pages of the same niche.</param>
public sealed record PostModel(Frame Frame, Page Page, Pieces.BlogPostDocument Document, Article Article, IReadOnlyList<PageSummary> Related);

/// <inheritdoc cref="PostModel"/>
public sealed record RecipeModel(Frame Frame, Page Page, Pieces.RecipeDocument Recipe, IReadOnlyList<PageSummary> Related);
