using System.Text.Json;
using System.Text.RegularExpressions;
using Empire.Content.Pieces;
using Empire.Content.Review;
using Empire.Http;

namespace Empire.Content.BlogPosts;

/// <summary>What a model writes for a blog post.</summary>
/// <param name="BodyMarkdown">Links the product as <c>[text](product:UUID)</c>; publishing puts the tracked link in its place.</param>
public sealed record BlogPost(
    string Title, string Slug, string MetaDescription, IReadOnlyList<string> Keywords, IReadOnlyList<string> Outline, string BodyMarkdown, bool DisclosureNeeded);

/// <summary>An honest post of about 1500 words about one product.</summary>
public sealed partial class BlogPostKind : PieceKind
{
    private const int WantedWords = 1500, FewestWords = 1200, MostWords = 1800, FewestSections = 3;

    public override string Name => "blog_post";
    public override string Platform => "blog";

    public override Brief BriefFor(PieceOrder order) => order.Product is { } product
        ? Brief.Of(Name, ProductBrief.Of(product, order.Audience, WantedWords), product.Id)
        : throw new InvalidFieldException("product", "a blog post is about a product.");

    public override IEnumerable<Objection> Check(JsonElement document, Brief brief)
    {
        var post = document.Deserialize<BlogPost>(PieceJson.Options)!;
        foreach (var objection in Markdown.CheckMeta(post.MetaDescription).Concat(Markdown.CheckLength(post.BodyMarkdown, FewestWords, MostWords))) yield return objection;
        if (!Slug().IsMatch(post.Slug)) yield return new("slug", $"'{post.Slug}' is not lower case words with hyphens");
        if (Markdown.Sections(post.BodyMarkdown) is var sections && sections < FewestSections) yield return new("headings", $"{sections} level-2 headings; at least {FewestSections} are wanted");
        var products = Markdown.LinkedProducts(post.BodyMarkdown);
        if (products.Count == 0) yield return new("product-link", $"the text does not link the product as [text](product:{brief.ProductId})");
        foreach (var other in products.Where(id => id != brief.ProductId.ToString())) yield return new("product-link", $"product:{other} is not the product of the brief");
        if (!post.DisclosureNeeded) yield return new("ftc-disclosure", "disclosure_needed must be true: the product pays us");
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Slug();
}
