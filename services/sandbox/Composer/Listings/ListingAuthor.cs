using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Empire.Sandbox.Composer.Reviews;
using Empire.Sandbox.Composer.Text;

namespace Empire.Sandbox.Composer.Listings;

/// <summary>Makes up a digital product for a niche and writes how it is offered.</summary>
public sealed class ListingAuthor(TradeKnowledge knowledge)
{
    const int LongestTitle = 120;

    /// <summary>Ordinary prices in units of the currency: the same ladder everywhere, as the composer knows no exchange rates.</summary>
    static readonly Dictionary<string, (string Offer, decimal[] Prices)> Types = new(StringComparer.Ordinal)
    {
        ["course"] = ("Course", [49, 79, 97, 129]),
        ["coaching"] = ("Coaching", [149, 199, 290]),
        ["template"] = ("Templates", [9, 12, 15, 19]),
        ["guide"] = ("Guide", [7, 9, 12, 17]),
        ["tool"] = ("Spreadsheet", [15, 19, 24, 29]),
    };

    readonly ListingWriter listings = new(knowledge);

    /// <exception cref="UnusableBriefException">The niche is missing, or the type is none that is known.</exception>
    public JsonObject Write(Brief brief, Dice dice)
    {
        var niche = brief.Text("niche") ?? throw new UnusableBriefException("The brief's niche is missing.");
        var wanted = brief.Text("product_type");
        if (wanted is not null && !Types.ContainsKey(wanted)) throw new UnusableBriefException($"The brief's product_type must be one of {string.Join(", ", Types.Keys)}.");
        var type = wanted ?? dice.Pick([.. Types.Keys]);
        var (offer, prices) = Types[type];
        var price = brief.Data.TryGetProperty("price", out var given) && given.TryGetDecimal(out var asked) ? asked : dice.Pick(prices);
        var writer = listings.For(niche, type, brief.Text("audience"), dice);
        writer.Set("offer", offer);
        var taken = brief.Texts("existing_titles");
        var title = writer.Lines("title", int.MaxValue, whole: true).FirstOrDefault(line => line.Length <= LongestTitle && !taken.Contains(line, StringComparer.OrdinalIgnoreCase))
            ?? $"{ListingWriter.Cut(ReviewedProduct.Capital(niche), LongestTitle - 30)}: {offer} {(taken.Count + 1).ToString(CultureInfo.InvariantCulture)}";
        return new()
        {
            ["title"] = title,
            ["description"] = $"{writer.Paragraph("what", "who")}\n\n{writer.Paragraph("inside", "inside", "format")}\n\n{writer.Paragraph("not")}",
            ["product_type"] = type,
            ["price"] = price,
            ["features"] = BlogPostAuthor.Texts(writer.Lines("feature", 5, whole: true)),
            ["seo"] = new JsonObject
            {
                ["title"] = ListingWriter.SeoTitle(writer, title),
                ["meta_description"] = ListingWriter.Meta(writer),
                ["slug"] = ListingWriter.Slug(title),
                ["keywords"] = BlogPostAuthor.Texts(ListingWriter.Keywords(writer)),
            },
        };
    }
}

/// <summary>What both authors of listings share: the stock, its slots, and texts that fit where they go.</summary>
sealed partial class ListingWriter(TradeKnowledge knowledge)
{
    const int LongestSeoTitle = 60, LongestMeta = 160, LongestSlug = 80, WantedKeywords = 7;
    readonly Stock stock = Stock.Read("stock/listing.txt");

    public Writer For(string niche, string type, string? audience, Dice dice)
    {
        var trade = knowledge.Find(niche);
        var writer = new Writer(dice, [type], stock);
        writer.Set("niche", niche);
        writer.Set("Niche", ReviewedProduct.Capital(niche));
        writer.Set("type", type);
        writer.Set("offer", ReviewedProduct.Capital(type));
        writer.Set("audience", audience ?? trade.Person.Many);
        writer.Set("Audience", ReviewedProduct.Capital(audience ?? trade.Person.Many));
        writer.Set("count", $"{dice.Between(4, 12)}");
        writer.Set("pages", $"{10 * dice.Between(3, 9)}");
        return writer;
    }

    public static string SeoTitle(Writer writer, string title) =>
        writer.Lines("seo", int.MaxValue, whole: true).FirstOrDefault(line => line.Length <= LongestSeoTitle) ?? Cut(title, LongestSeoTitle);

    public static string Meta(Writer writer) =>
        writer.Lines("meta", int.MaxValue, whole: true).FirstOrDefault(line => line.Length <= LongestMeta) ?? Cut($"About {writer.Slot("niche")}: what is inside and for whom it is made.", LongestMeta);

    public static IEnumerable<string> Keywords(Writer writer) =>
        writer.Lines("keyword", WantedKeywords, whole: true).Select(word => word.ToLowerInvariant()).Distinct(StringComparer.Ordinal);

    /// <summary>Lower-case words with hyphens; "listing" where the title has no Latin letter.</summary>
    public static string Slug(string title)
    {
        var slug = string.Join('-', Word().Matches(title.ToLowerInvariant()).Select(match => match.Value));
        if (slug.Length > LongestSlug) slug = slug[..LongestSlug].TrimEnd('-');
        return slug.Length > 0 ? slug : "listing";
    }

    public static string Cut(string text, int longest)
    {
        if (text.Length <= longest) return text;
        var space = text.LastIndexOf(' ', longest - 1);
        return text[..(space > 0 ? space : longest)].TrimEnd(' ', ',', ':', '-');
    }

    [GeneratedRegex("[a-z0-9]+")] private static partial Regex Word();
}
