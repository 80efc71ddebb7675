using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Empire.Content.Pieces;
using Empire.Content.Review;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Content.Articles;

/// <summary>Generates one SEO article while the caller waits.</summary>
public static class CreateArticle
{
    /// <example>{"keyword": "hand coffee grinder", "domain": "coffee.example.com", "word_count": 2000, "content_type": "guide"}</example>
    /// <param name="Domain">The site that the article is for.</param>
    public sealed record Request(
        [Required, StringLength(200, MinimumLength = 2)] string Keyword, [Required, StringLength(253, MinimumLength = 2)] string Domain,
        [Range(ArticleKind.FewestWords, ArticleKind.MostWords, ErrorMessage = "wanted: 2000 to 3000.")] int WordCount = 2500,
        [OneOf("article", "guide", "tutorial", "comparison", "review")] string ContentType = "article",
        bool IncludeSemanticAnalysis = true);

    /// <param name="Content">The text, in Markdown.</param>
    /// <param name="SemanticAnalysis">Null when it was not wanted.</param>
    /// <param name="File">Where the text is kept, under the storage folder.</param>
    /// <example>{"id": "piece_0199f3a17c5b7d3e8a4b5c6d7e8f9017", "title": "Choosing a hand coffee grinder",
    /// "meta_description": "What makes a hand coffee grinder worth its price, and what to check before you buy one.",
    /// "content": "# Choosing a hand coffee grinder\n\nA hand coffee grinder is bought for its burrs. …", "word_count": 2140, "content_type": "guide",
    /// "keyword_intelligence": {"keyword": "hand coffee grinder", "intent": "commercial", "opportunity": "medium", "words": 3}, "semantic_analysis": {"semantic_tags": ["burrs",
    /// "grind size", "espresso", "retention"], "keyword_occurrences": 12, "keyword_density": 0.0168, "coverage": 0.75, "sections": 7}, "related_keywords": ["manual coffee grinder",
    /// "burr grinder"], "recommendations": ["Add a table of burr sizes.", "Link to a page on grind size."], "file": "seo_content/piece_0199f3a17c5b7d3e8a4b5c6d7e8f9017.md",
    /// "prompt_version": "article@1", "model": "gpt-4", "cost": 0.21735, "test": false}</example>
    public sealed record Response(
        PieceId Id, string Title, string MetaDescription, string Content, int WordCount, string ContentType, KeywordIntelligence KeywordIntelligence,
        SemanticAnalysis? SemanticAnalysis, IReadOnlyList<string> RelatedKeywords, IReadOnlyList<string> Recommendations, string File, string PromptVersion, string Model,
        decimal Cost, bool Test);

    public static async Task<Results<Created<Response>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, WriteNow write, Database db, CancellationToken ct)
    {
        var brief = ArticleKind.BriefFor(new ArticleBrief(request.Keyword, request.Domain, request.WordCount, request.ContentType));
        var (id, problem) = await write.WriteAsync(caller, ArticleKind.KindName, brief, idempotencyKey, ct);
        if (id is null) return problem!;
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var piece = await PieceTable.FindAsync(work, id.Value, ct);
        return TypedResults.Created($"/api/content/{id}", Respond(piece!, request));
    }

    private static Response Respond(Piece piece, Request request)
    {
        var article = JsonSerializer.Deserialize<Article>(piece.Document!, PieceJson.Options)!;
        return new(
            piece.Id, article.Title, article.MetaDescription, article.BodyMarkdown, Markdown.Words(article.BodyMarkdown), request.ContentType,
            KeywordIntelligence.Of(request.Keyword, article), request.IncludeSemanticAnalysis ? Articles.SemanticAnalysis.Of(request.Keyword, article) : null,
            article.RelatedKeywords, article.Recommendations, ArticleFiles.PathOf(piece.Id), piece.PromptName, piece.Model!, piece.Cost.Amount, piece.Test);
    }
}
