using System.Text;
using System.Text.Json;
using Empire.Publishing.Blog;
using Empire.Publishing.Pieces;

namespace Empire.Publishing.Tests;

/// <summary>Pieces as content delivers them: a post of 1,500 words, a recipe.</summary>
public static class Samples
{
    public static readonly Guid ProductId = Guid.Parse("0199a1f0-6c1e-7a44-9d3c-52e1c0a4b7d1");
    public static readonly DateTimeOffset PublishedAt = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    public static readonly ProductMention Grinder = new(
        ProductId, "Halden Conical Burr Grinder", "Halden", "home coffee", "harbor", 129m, "USD", "A grinder.", ["40 mm conical steel burrs", "31 settings"],
        4.6, 1284, "https://shop.example/p/1?aff=1", "https://shop.example/p/1.svg");

    public static readonly BlogPostDocument Post = new()
    {
        Title = "The grinder is the part of your coffee that you can still fix",
        Slug = "fix-the-grinder-first",
        MetaDescription = "Why a $129 burr grinder does more for the cup than a new brewer.",
        Keywords = ["burr grinder", "home coffee"],
        BodyMarkdown = Read("burr-grinder.md"),
    };

    public static string RecipeJson { get; } = Read("lentil-stew.json");

    public static string PostJson(Func<BlogPostDocument, BlogPostDocument>? change = null) =>
        JsonSerializer.Serialize(change?.Invoke(Post) ?? Post, DocumentJson.Options);

    public static Frame Frame { get; } = new(
        new(Guid.Empty, Site.AnyHost, "Good Measure", "Things worth owning.", new("https://good.example:8443")), [new("home coffee", 3), new("kitchen", 2)], 2026);

    public static Page PostPage(Func<BlogPostDocument, BlogPostDocument>? change = null, ProductMention? product = null)
    {
        var document = change?.Invoke(Post) ?? Post;
        var summary = new PageSummary(PageSummary.Post, Slug.Of(document.Slug ?? document.Title), document.Title, document.MetaDescription, "home coffee", 7, "abc.svg", false, PublishedAt, PublishedAt);
        return new(summary, JsonSerializer.Serialize(document, DocumentJson.Options), product ?? Grinder, "k7Qm2x", "abc.svg");
    }

    public static Page RecipePage() => new(
        new(PageSummary.Recipe, "red-lentil-stew", "Red lentil stew with lemon and burnt onions", "A weeknight pot.", "kitchen", 55, null, true, PublishedAt, PublishedAt),
        RecipeJson, Grinder, "k7Qm2x", "abc.svg");

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(Samples).Assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
