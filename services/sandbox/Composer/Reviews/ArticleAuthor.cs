using System.Text.Json.Nodes;
using Empire.Sandbox.Composer.Text;

namespace Empire.Sandbox.Composer.Reviews;

/// <summary>Writes a long article on a keyword, from what is known about the trade it belongs to.</summary>
public sealed class ArticleAuthor(TradeKnowledge knowledge)
{
    const int UsualWords = 2500, MetaLength = 160, SemanticTags = 18;
    static readonly string[] ContentTypes = ["article", "guide", "tutorial", "comparison", "review"];
    readonly Stock stock = Stock.Read("stock/article.txt"), posts = Stock.Read("stock/post.txt");

    /// <exception cref="UnusableBriefException">The keyword is missing, or the content type is none that is known.</exception>
    public JsonObject Write(Brief brief, Dice dice)
    {
        var keyword = brief.Text("keyword") ?? throw new UnusableBriefException("The brief's keyword is missing.");
        var type = brief.Text("content_type") ?? "article";
        if (!ContentTypes.Contains(type)) throw new UnusableBriefException($"The brief's content_type must be one of {string.Join(", ", ContentTypes)}.");
        var words = brief.Number("word_count") ?? UsualWords;
        if (words is < 300 or > 3000) throw new UnusableBriefException("The brief's word_count must lie between 300 and 3000.");

        var domain = brief.Text("domain");
        var trade = knowledge.Find(domain, keyword, domain);
        var kind = TradeKnowledge.KindOf(trade, keyword);
        var writer = new Writer(dice, [.. kind?.Keys ?? [], trade.Class], trade.Stock, stock, posts); // of the post's lines those that need no product
        Describe(writer, keyword, domain, trade, kind);

        var sections = Sections(type, writer, dice, words);
        Section.GrowTo(sections, words, dice);
        var intent = Intent(keyword, type);
        return new()
        {
            ["title"] = Title(writer, type),
            ["meta_description"] = writer.Lines("article.meta", int.MaxValue).FirstOrDefault(l => l.Length <= MetaLength) ?? ReviewedProduct.Capital(keyword)[..Math.Min(keyword.Length, MetaLength)],
            ["body_markdown"] = string.Join("\n\n", sections),
            ["keywords"] = BlogPostAuthor.Texts(writer.Lines("article.keyword", 10).Select(k => k.ToLowerInvariant()).Prepend(keyword).Distinct(StringComparer.Ordinal)),
            ["intent"] = intent,
            ["related_keywords"] = BlogPostAuthor.Texts(writer.Lines("related", 10).Select(k => k.ToLowerInvariant()).Distinct(StringComparer.Ordinal)),
            ["semantic_tags"] = BlogPostAuthor.Texts(Tags(keyword, trade, kind, dice)),
            ["recommendations"] = BlogPostAuthor.Texts(writer.Lines("recommendation", 5)),
        };
    }

    static void Describe(Writer w, string keyword, string? domain, Trade trade, Kind? kind)
    {
        var topic = IsQuestion(keyword) ? kind?.Many ?? domain ?? trade.Thing.Many : keyword;
        w.Set("keyword", keyword);
        w.Set("Keyword", ReviewedProduct.Capital(keyword));
        w.Set("topic", topic);
        w.Set("Topic", ReviewedProduct.Capital(topic));
        w.Set("domain", domain ?? trade.Name);
        w.Set("noun", kind?.One ?? trade.Thing.One);
        w.Set("nouns", kind?.Many ?? trade.Thing.Many);
        w.Set("thing", trade.Thing.One);
        w.Set("things", trade.Thing.Many);
        w.Set("person", trade.Person.One);
        w.Set("persons", trade.Person.Many);
        w.Set("Persons", ReviewedProduct.Capital(trade.Person.Many));
        w.Set("low", kind is null ? null : $"${kind.Low:0}");
        w.Set("typical", kind is null ? null : $"${kind.Typical:0}");
        w.Set("high", kind is null ? null : $"${kind.High:0}");
        w.Set("other", trade.Kinds.Where(k => k != kind).Select(k => k.Many).ToList());
        w.Set("another", trade.Kinds.Where(k => k != kind).Select(k => k.One).ToList());
    }

    /// <summary>An opening, the middle parts in an order of their own, and a summary; a tutorial has its steps in the middle.</summary>
    static List<Section> Sections(string type, Writer w, Dice dice, int words)
    {
        Section Part(string name, params string[] sources)
        {
            var section = new Section(w.Title("ah." + name), () => dice.Shuffled(sources).Select(w.Say).FirstOrDefault(s => s is not null));
            section.Add(w.Paragraph([.. sources.Take(2)]));
            return section;
        }

        List<Section> middle =
        [
            Part("basics", "basics", "know"), Part("choose", "choose", "choose", "compare.more", "instead"), Part("use", "use", "scenario"), Part("mistakes", "mistakes", "mistake.more"),
            Part("upkeep", "upkeep", "care", "care.more"), Part("people", "people", "suits", "avoid", "avoid.more"), Part("money", "money", "money", "price.more", "cost.more"),
        ];
        if (words >= 1500) middle.AddRange([Part("myths", "myths", "know"), Part("plan", "plan"), Part("questions", "questions", "rating.more")]);
        if (type == "tutorial") middle.Insert(1, Steps(w));
        var opening = new Section(null, () => w.Say("start")).Add(w.Paragraph("opening", "start")).Add(w.Paragraph("start"));
        var summary = new Section(w.Title("ah.end"), () => w.Say("end")).Add(w.Paragraph("end", "end"));
        return [opening, .. type == "tutorial" ? middle : [middle[0], .. dice.Shuffled(middle.Skip(1))], summary];
    }

    static Section Steps(Writer w) =>
        new Section(w.Title("ah.steps"), () => null).AddBlock(string.Join('\n', w.Lines("step", 7).Select((s, i) => $"{i + 1}. {s}")));

    static string Title(Writer w, string type) => w.Title("title." + type);

    /// <summary>A search such as "how to clean a grinder" cannot stand where a noun is needed.</summary>
    static bool IsQuestion(string keyword) => keyword.Split(' ')[0].ToLowerInvariant() is "how" or "what" or "why" or "when" or "which" or "where" or "who" or "is" or "are" or "can" or "should" or "do" or "does" or "best";

    static string Intent(string keyword, string type)
    {
        var text = keyword.ToLowerInvariant();
        if (text.StartsWith("buy ", StringComparison.Ordinal) || text.Contains(" price", StringComparison.Ordinal) || text.Contains("deal", StringComparison.Ordinal)) return "transactional";
        if (text.StartsWith("best ", StringComparison.Ordinal) || text.Contains(" vs ", StringComparison.Ordinal) || type is "comparison" or "review") return "commercial";
        return "informational";
    }

    static IEnumerable<string> Tags(string keyword, Trade trade, Kind? kind, Dice dice) =>
        new[] { keyword.ToLowerInvariant(), trade.Name, kind?.One ?? trade.Thing.One, trade.Person.Many, trade.Thing.Many }
            .Concat(dice.Shuffled(trade.Words.Concat(trade.Kinds.Select(k => k.Many)))).Concat(["care and upkeep", "buying criteria", "price comparison", "durability", "sizing", "everyday use", "beginners", "checklist", "common mistakes", "value for money"])
            .Distinct(StringComparer.OrdinalIgnoreCase).Take(SemanticTags);
}
