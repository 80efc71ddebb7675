using Empire.Content.Review;

namespace Empire.Content.Articles;

/// <summary>What can be said about a keyword from the keyword and the article alone.</summary>
/// <param name="Intent">informational, commercial, transactional or navigational.</param>
/// <param name="Opportunity">low, medium or high: the longer a search, the fewer pages answer it. Search volumes are no part of it.</param>
/// <param name="Words">Of the keyword.</param>
public sealed record KeywordIntelligence(string Keyword, string Intent, string Opportunity, int Words)
{
    internal static KeywordIntelligence Of(string keyword, Article article)
    {
        var words = Markdown.Words(keyword);
        return new(keyword, article.Intent, words switch { 1 => "low", 2 or 3 => "medium", _ => "high" }, words);
    }
}

/// <summary>How the text treats its subject.</summary>
/// <param name="KeywordDensity">Share of the text's words that belong to the keyword, 0 to 1.</param>
/// <param name="Coverage">Share of the semantic tags that the text really names, 0 to 1.</param>
public sealed record SemanticAnalysis(IReadOnlyList<string> SemanticTags, int KeywordOccurrences, double KeywordDensity, double Coverage, int Sections)
{
    internal static SemanticAnalysis Of(string keyword, Article article)
    {
        var text = article.BodyMarkdown;
        var occurrences = (text.Length - text.Replace(keyword, "", StringComparison.OrdinalIgnoreCase).Length) / keyword.Length;
        var density = (double)occurrences * Markdown.Words(keyword) / Math.Max(1, Markdown.Words(text));
        var named = article.SemanticTags.Count(tag => text.Contains(tag, StringComparison.OrdinalIgnoreCase));
        return new(article.SemanticTags, occurrences, Math.Round(density, 4), Math.Round((double)named / article.SemanticTags.Count, 2), Markdown.Sections(text));
    }
}
