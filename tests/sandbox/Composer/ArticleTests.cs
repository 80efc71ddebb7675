using System.Text.Json.Nodes;

namespace Empire.Sandbox.Tests.Composer;

public sealed class ArticleTests
{
    [Theory]
    [InlineData("best chef's knife", "kitchen", 2000, "comparison", "commercial")]
    [InlineData("how to choose a coffee grinder", "home coffee", 2500, "guide", "informational")]
    [InlineData("trail running shoes", "running", 3000, "article", "informational")]
    [InlineData("buy a standing desk", "home office", 2200, "review", "transactional")]
    [InlineData("drip irrigation", "gardening", 2700, "tutorial", "informational")]
    [InlineData("double-entry bookkeeping", "finance", 2500, "guide", "informational")]
    public void An_article_has_the_ordered_length_and_every_part(string keyword, string domain, int word_count, string content_type, string intent)
    {
        var article = Author.Write("article", new { keyword, domain, word_count, content_type });
        var body = article["body_markdown"]!.GetValue<string>();
        Assert.InRange(Author.Words(body), word_count * 0.95, word_count * 1.05);
        Assert.InRange(article["meta_description"]!.GetValue<string>().Length, 20, 160);
        Assert.Equal(intent, article["intent"]!.GetValue<string>());
        Assert.True(article["semantic_tags"]!.AsArray().Select(t => t!.GetValue<string>()).Distinct().Count() >= 15);
        Assert.True(article["keywords"]!.AsArray().Count >= 5 && article["related_keywords"]!.AsArray().Count >= 5 && article["recommendations"]!.AsArray().Count >= 3);
        Assert.DoesNotMatch(@"[{}|<>]|\[[a-z]", body);
        if (content_type == "tutorial") Assert.Contains("\n1. ", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"domain":"kitchen"}""", "keyword")]
    [InlineData("""{"keyword":"knives","content_type":"poem"}""", "content_type")]
    [InlineData("""{"keyword":"knives","word_count":100}""", "word_count")]
    public void A_faulty_order_is_refused_by_the_name_of_its_field(string brief, string field)
    {
        var refusal = Assert.ThrowsAny<Exception>(() => Author.Write("article", JsonNode.Parse(brief)!));
        Assert.Contains(field, refusal.Message, StringComparison.Ordinal);
    }
}
