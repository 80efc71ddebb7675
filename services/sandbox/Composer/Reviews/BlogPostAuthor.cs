using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Empire.Sandbox.Composer.Text;

namespace Empire.Sandbox.Composer.Reviews;

/// <summary>
/// Writes a post about one product: an argument from its price, features and rating, set against what is known about its trade. It claims nothing that the
/// data does not carry: no tests, no experience of its own, no urgency.
/// </summary>
public sealed class BlogPostAuthor(TradeKnowledge knowledge)
{
    const int UsualWords = 1500, MetaLength = 160, ChecklistLength = 5;
    const double ShortestShare = 0.96; // of the ordered words; below it another section joins
    const double Reserve = 0.4;
    readonly Stock stock = Stock.Read("stock/post.txt"), general = Stock.Read("stock/article.txt");

    /// <exception cref="UnusableBriefException">The product, its name or its price is missing.</exception>
    public JsonObject Write(Brief brief, Dice dice)
    {
        var product = ReviewedProduct.From(brief, knowledge);
        var writer = new Writer(dice, product.Keys, Reserve, product.Trade.Stock, stock, general);
        product.Describe(writer);
        var (sections, spare) = Sections(product, writer, dice);
        var words = Math.Clamp(brief.Number("words") ?? UsualWords, 600, 2400);
        Section.GrowTo(sections, words, dice);
        while (sections.Sum(s => s.Words) < words * ShortestShare && spare.Count > 0)
        {
            sections.Insert(sections.Count - 1, spare.Dequeue());
            Section.GrowTo(sections, words, dice);
        }

        var title = writer.Title("title");
        return new()
        {
            ["title"] = title,
            ["slug"] = Slug(title),
            ["meta_description"] = Meta(writer),
            ["keywords"] = Texts(Keywords(product)),
            ["outline"] = Texts(sections.Select(s => s.Heading).OfType<string>()),
            ["body_markdown"] = string.Join("\n\n", sections),
            ["disclosure_needed"] = true,
        };
    }

    /// <summary>Opening and verdict keep their places; what lies between changes its order from text to text.</summary>
    (List<Section> Chosen, Queue<Section> Spare) Sections(ReviewedProduct product, Writer w, Dice dice)
    {
        var first = new List<Section> { Opening(w), dice.Chance(0.8) ? Glance(product, w) : Price(product, w) };
        List<Section> core = [Features(product, w), Suits(product, w), Avoid(product, w)];
        List<Section> around = [Scenario(w), Compare(product, w), Care(w), Mistakes(w)];
        if (first[1].Heading is { } heading && heading.Contains("price", StringComparison.OrdinalIgnoreCase) is false && dice.Chance(0.97)) core.Add(Price(product, w));
        if (product is { Rating: not null, ReviewCount: > 0 }) around.Add(Rating(product, w));
        if (dice.Chance(0.7)) around.Add(Cost(w));
        var mixed = dice.Shuffled(around);
        var taken = dice.Between(4, 5);
        var middle = dice.Shuffled(core.Concat(mixed.Take(taken)));
        if (dice.Chance(0.6)) middle.Add(Checklist(w));
        return ([.. first, .. middle, Verdict(product, w)], new(mixed.Skip(taken)));
    }

    static Section Opening(Writer w) =>
        new Section(null, () => w.Say("intro.plan"), most: 1).Add(w.Paragraph("opening", "intro.product")).Add(w.Paragraph("intro.plan"));

    static Section Glance(ReviewedProduct product, Writer w)
    {
        var list = new StringBuilder().Append(CultureInfo.InvariantCulture, $"- **Price:** {product.Money(product.Price)}\n");
        if (product.Rating is { } rating) list.Append(CultureInfo.InvariantCulture, $"- **Rating:** {rating:0.0} of 5{(product.ReviewCount is { } n ? $" ({n:N0} reviews)" : "")}\n");
        foreach (var feature in product.Features.Take(w.Dice.Between(2, 4))) list.Append("- ").Append(ReviewedProduct.Capital(feature)).Append('\n');
        return new Section(w.Title("h.glance"), () => null).Add(w.Paragraph("glance.intro")).AddBlock(list.ToString().TrimEnd());
    }

    static Section Price(ReviewedProduct product, Writer w)
    {
        var position = "price." + product.Position.ToString().ToLowerInvariant();
        return Grown("price", w, position, "price.more", "money").Add(w.Paragraph("price.band", position)).Add(w.Paragraph(position, "price.more"));
    }

    /// <summary>A sub-heading for each feature, with what it means and what follows from it.</summary>
    Section Features(ReviewedProduct product, Writer w)
    {
        var section = Grown("features", w, "know", "basics").Add(w.Paragraph("features.intro"));
        foreach (var feature in w.Dice.Shuffled(product.Features).Take(5))
        {
            w.Set("feature", feature);
            var explained = w.Dice.Shuffled(knowledge.Explain(product.Trade, feature)).Select(w.SayOnce).Where(e => e is not null).Take(2).ToList();
            if (explained.Count == 0) explained.Add(w.Say("feature.unknown"));
            if (w.Dice.Chance(0.45)) explained.Add(w.Say("feature.close"));
            section.AddBlock("### " + ReviewedProduct.Capital(feature)).Add(string.Join(' ', explained.OfType<string>()));
        }
        w.Set("feature", product.Features);
        return section.Add(w.Paragraph("know", "know"));
    }

    static Section Suits(ReviewedProduct product, Writer w) =>
        Grown("suits", w, "suits", "people").Add(w.Paragraph("suits.frame", "suits", "suits")).Add(w.Paragraph(product.Audience.Count > 0 ? "suits.audience" : "suits", "suits.price"));

    static Section Avoid(ReviewedProduct product, Writer w) =>
        Grown("avoid", w, "avoid", "avoid.more").Add(w.Paragraph("avoid.frame", "avoid", "avoid." + product.Position.ToString().ToLowerInvariant())).Add(w.Paragraph("avoid.more"));

    static Section Scenario(Writer w) =>
        Grown("scenario", w, "scenario", "use", "scenario.link").Add(w.Paragraph("scenario.frame", "scenario", "scenario.link")).Add(w.Paragraph("scenario", "scenario.link"));

    static Section Compare(ReviewedProduct product, Writer w) =>
        Grown("compare", w, "compare.more", "choose").Add(w.Paragraph("compare." + product.Position.ToString().ToLowerInvariant(), "instead")).Add(w.Paragraph("compare.more"));

    static Section Care(Writer w) => Grown("care", w, "care", "care.more", "upkeep").Add(w.Paragraph("care.frame", "care", "care")).Add(w.Paragraph("care.more"));

    static Section Mistakes(Writer w) =>
        Grown("mistake", w, "mistakes", "mistake.more", "myths").Add(w.Paragraph("mistake.frame")).AddBlock(string.Join('\n', w.Lines("mistake", w.Dice.Between(3, 4)).Select(m => "- " + m))).Add(w.Paragraph("mistake.more"));

    static Section Rating(ReviewedProduct product, Writer w)
    {
        var size = product.ReviewCount switch { >= 800 => "rating.many", >= 100 => "rating.some", _ => "rating.few" };
        var level = product.Rating switch { >= 4.5m => "rating.high", >= 4.0m => "rating.mid", _ => "rating.low" };
        return new Section(w.Title("h.rating"), () => w.Say("rating.more"), most: 1).Add(w.Paragraph(size, level)).Add(w.Paragraph("rating.more"));
    }

    static Section Cost(Writer w) => new Section(w.Title("h.cost"), () => w.Say("cost.more"), most: 1).Add(w.Paragraph("cost.line", "cost.line", "cost.more"));

    static Section Checklist(Writer w)
    {
        var questions = w.Lines("check", ChecklistLength - 1).Concat(w.Lines("check.general", 2)).Take(ChecklistLength);
        return new Section(w.Title("h.check"), () => null).Add(w.Paragraph("check.frame")).AddBlock(string.Join('\n', w.Dice.Shuffled(questions).Select(q => "- " + q)));
    }

    static Section Verdict(ReviewedProduct product, Writer w) =>
        new Section(w.Title("h.verdict"), () => w.Say("verdict.more"), most: 1)
            .Add(w.Paragraph("verdict." + product.Position.ToString().ToLowerInvariant(), product.Rating is null ? "verdict.more" : "verdict.rating")).Add(w.Paragraph("verdict.more", "close.link"));

    /// <summary>A section that grows from several sources in random turns.</summary>
    static Section Grown(string name, Writer w, params string[] sources) =>
        new(w.Title("h." + name), () => w.Dice.Shuffled(sources).Select(w.Say).FirstOrDefault(s => s is not null));

    static string Meta(Writer w)
    {
        var lines = w.Lines("meta", int.MaxValue, whole: true);
        return lines.FirstOrDefault(l => l.Length <= MetaLength) ?? lines[0][..lines[0].LastIndexOf(' ', MetaLength - 1)] + "…";
    }

    internal static IEnumerable<string> Keywords(ReviewedProduct product) =>
        product.Keywords.Concat([product.ShortName, product.Kind.One, $"best {product.Kind.One}", $"{product.Kind.One} buying guide", $"{product.Brand} {product.Kind.One}", product.Niche, $"{product.Kind.Many} for {product.Trade.Person.Many}"])
            .Select(k => k.ToLowerInvariant()).Distinct(StringComparer.Ordinal);

    internal static string Slug(string title)
    {
        var slug = new StringBuilder();
        foreach (var c in title.Replace("'", "", StringComparison.Ordinal).Normalize(NormalizationForm.FormD).ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c)) slug.Append(c);
            else if (!char.IsControl(c) && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }
        return slug.ToString().Trim('-');
    }

    internal static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}
