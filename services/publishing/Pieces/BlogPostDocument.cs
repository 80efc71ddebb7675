namespace Empire.Publishing.Pieces;

/// <summary>A blog post or an article, as content's checked document carries it.</summary>
public sealed record BlogPostDocument
{
    public required string Title { get; init; }

    /// <summary>Null: made from the title.</summary>
    public string? Slug { get; init; }

    public string MetaDescription { get; init; } = "";
    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>Products are linked as <c>[text](product:UUID)</c>.</summary>
    public required string BodyMarkdown { get; init; }
}
