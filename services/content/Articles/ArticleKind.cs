using System.Text.Json;
using Empire.Content.Pieces;
using Empire.Content.Review;
using Empire.Data;
using Empire.Http;

namespace Empire.Content.Articles;

/// <summary>What an article is to be about.</summary>
/// <param name="ContentType">article, guide, tutorial, comparison or review.</param>
public sealed record ArticleBrief(string Keyword, string Domain, int WordCount, string ContentType);

/// <summary>What a model writes for it.</summary>
public sealed record Article(
    string Title, string MetaDescription, string BodyMarkdown, IReadOnlyList<string> Keywords, string Intent, IReadOnlyList<string> RelatedKeywords,
    IReadOnlyList<string> SemanticTags, IReadOnlyList<string> Recommendations);

/// <summary>A thorough text of 2000 to 3000 words that answers the question behind a search.</summary>
public sealed class ArticleKind(ArticleFiles files) : PieceKind
{
    public const string KindName = "article";

    public const int FewestWords = 2000, MostWords = 3000;

    public override string Name => KindName;
    public override string Platform => "blog";

    /// <summary>A text comes out some per cent off its wanted length; at the ends of the range it must not fall out of it.</summary>
    private const int Margin = 100;

    public static Brief BriefFor(ArticleBrief article) =>
        Brief.Of(KindName, article with { WordCount = Math.Clamp(article.WordCount, FewestWords + Margin, MostWords - Margin) }, productId: null);

    public override Brief BriefFor(PieceOrder order) =>
        throw new InvalidFieldException("kind", "an article needs a keyword and a domain; ask for it at /api/seo/content.");

    public override IEnumerable<Objection> Check(JsonElement document, Brief brief)
    {
        var article = document.Deserialize<Article>(PieceJson.Options)!;
        foreach (var objection in Markdown.CheckMeta(article.MetaDescription).Concat(Markdown.CheckLength(article.BodyMarkdown, FewestWords, MostWords))) yield return objection;
        var keyword = brief.Read<ArticleBrief>().Keyword;
        if (!article.BodyMarkdown.Contains(keyword, StringComparison.OrdinalIgnoreCase)) yield return new("keyword", $"the text never says '{keyword}'");
    }

    /// <summary>Articles are kept as files too. Written before the transaction commits, under the piece's id: a repeat writes the same file.</summary>
    public override Task KeepAsync(Work work, Piece piece, CancellationToken ct) =>
        files.WriteAsync(piece.Id, JsonSerializer.Deserialize<Article>(piece.Document!, PieceJson.Options)!, ct);
}
