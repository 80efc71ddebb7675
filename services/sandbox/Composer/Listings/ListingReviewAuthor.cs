using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Empire.Sandbox.Composer.Reviews;
using Empire.Sandbox.Composer.Text;

namespace Empire.Sandbox.Composer.Listings;

/// <summary>Proposes changes to a listing: what the brief's findings ask for, then what a careful reader would add.</summary>
public sealed class ListingReviewAuthor(TradeKnowledge knowledge)
{
    const int LongestTitle = 120, FewestWords = 40, MostWords = 380, FewestFeatures = 3, MostFeatures = 10, HighestPrice = 10_000;
    static readonly string[] Types = ["course", "coaching", "template", "guide", "tool"];
    readonly ListingWriter listings = new(knowledge);

    /// <exception cref="UnusableBriefException">The listing or its niche is missing.</exception>
    public JsonObject Write(Brief brief, Dice dice)
    {
        var niche = brief.Text("niche") ?? throw new UnusableBriefException("The brief's niche is missing.");
        var listing = brief.Document("listing") ?? throw new UnusableBriefException("The brief's listing is missing.");
        var seo = listing.TryGetProperty("seo", out var found) && found.ValueKind == JsonValueKind.Object ? found : throw new UnusableBriefException("The listing's seo is missing.");
        var type = Text(listing, "product_type") is var named && Types.Contains(named) ? named : "guide";
        var writer = listings.For(niche, type, null, dice);
        List<(string Field, string To, string Reason)> changes = [];
        Title(changes, Text(listing, "title"), niche);
        Description(changes, Text(listing, "description"), writer);
        Price(changes, listing.TryGetProperty("price", out var price) && price.TryGetDecimal(out var amount) ? amount : 0);
        List(changes, "features", Brief.TextsOf(listing, "features"), writer.Lines("feature", MostFeatures, whole: true), FewestFeatures, MostFeatures, "A buyer decides by what is inside, and the list names too little of it.");
        Searched(changes, seo, writer, Text(listing, "title"));
        if (changes.Count == 0)
            changes.Add(("meta_description", ListingWriter.Meta(writer) is var meta && meta == Text(seo, "meta_description") ? $"About {niche}: what this {type} holds and for whom it is made." : meta,
                "The description in search results can say sooner what the buyer gets; another wording is worth a comparison."));
        return new()
        {
            ["summary"] = writer.Title("summary"),
            ["changes"] = new JsonArray([.. changes.Select(change => (JsonNode)new JsonObject { ["field"] = change.Field, ["to"] = change.To, ["reason"] = change.Reason })]),
        };
    }

    static void Title(List<(string, string, string)> changes, string title, string niche)
    {
        if (title.Length > LongestTitle) changes.Add(("title", ListingWriter.Cut(title, LongestTitle), $"Stores cut a title off after {LongestTitle} characters; this one has {title.Length}."));
        else if (!title.Contains(niche, StringComparison.OrdinalIgnoreCase) && title.Length + niche.Length + 2 <= LongestTitle)
            changes.Add(("title", $"{ReviewedProduct.Capital(niche)}: {title}".TrimEnd(' ', ':'), $"The title does not say {niche}, the word by which buyers look for it."));
    }

    static void Description(List<(string, string, string)> changes, string description, Writer writer)
    {
        var words = Writer.Words(description);
        if (words > MostWords)
            changes.Add(("description", string.Join(' ', description.Split(' ').Take(MostWords - 80)), $"With about {words} words the text is longer than buyers read; the end says little new."));
        else if (words < FewestWords + 20)
            changes.Add(("description", $"{description}\n\n{writer.Paragraph("what", "who")}\n\n{writer.Paragraph("inside", "inside", "inside", "not")}".Trim(),
                $"With about {words} words a buyer cannot tell what is inside, for whom it is, and for whom it is not."));
    }

    /// <summary>Prices just below a round number are read as the lower one; the step stays under five per cent.</summary>
    static void Price(List<(string, string, string)> changes, decimal price)
    {
        if (price is > 20 and < HighestPrice && price % 10 is 0 or 1 or 2)
        {
            var lower = decimal.Floor(price / 10) * 10 - 1;
            if (lower >= price * 0.9m)
                changes.Add(("price", lower.ToString("0.##", CultureInfo.InvariantCulture), $"{price.ToString("0.##", CultureInfo.InvariantCulture)} lies just above a round number; below it the offer appears in the lower price range of store filters."));
        }
    }

    static void List(List<(string, string, string)> changes, string field, IReadOnlyList<string> now, IReadOnlyList<string> more, int fewest, int most, string reason)
    {
        var clean = now.Select(text => text.Trim()).DistinctBy(text => text.ToLowerInvariant()).Take(most).ToList();
        if (clean.Count == now.Count && now.Count >= fewest) return;
        foreach (var text in more.Where(text => !clean.Contains(text, StringComparer.OrdinalIgnoreCase)))
            if (clean.Count < Math.Max(fewest, Math.Min(now.Count, most))) clean.Add(text);
        changes.Add((field, string.Join('\n', clean), reason));
    }

    static void Searched(List<(string, string, string)> changes, JsonElement seo, Writer writer, string listed)
    {
        var (title, meta, slug) = (Text(seo, "title"), Text(seo, "meta_description"), Text(seo, "slug"));
        if (title.Length is 0 or > 60) changes.Add(("seo_title", ListingWriter.SeoTitle(writer, listed), $"Search results show about 60 characters of a title; this one has {title.Length}."));
        if (meta.Length is 0 or > 160) changes.Add(("meta_description", ListingWriter.Meta(writer), $"Search results show about 160 characters of a description; this one has {meta.Length}."));
        if (slug.Length is 0 or > 80 || ListingWriter.Slug(slug.Replace('-', ' ')) != slug) changes.Add(("slug", ListingWriter.Slug(slug.Length > 0 ? slug : listed), "An address of lower-case words with hyphens can be read, typed and shared."));
        List(changes, "keywords", Brief.TextsOf(seo, "keywords"), [.. ListingWriter.Keywords(writer)], 5, 10, "Too few search terms are named, or some of them twice; each further one is a way to be found.");
    }

    static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
