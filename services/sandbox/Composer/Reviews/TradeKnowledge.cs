using System.Globalization;
using System.Text.RegularExpressions;
using Empire.Sandbox.Composer.Text;

namespace Empire.Sandbox.Composer.Reviews;

/// <summary>What is generally known about a trade: its kinds of goods with ordinary prices, and sentences on use, choice and care.</summary>
/// <param name="Thing">"kitchen tool": a good of the trade, when nothing closer is known.</param>
/// <param name="Person">"home cook": who uses it.</param>
/// <param name="Class">One of <see cref="Stock.Classes"/>.</param>
/// <param name="Words">By which a text about the trade is recognised.</param>
/// <param name="Glossary">Explanations of features, with the words that call for them.</param>
public sealed record Trade(
    string Name, (string One, string Many) Thing, (string One, string Many) Person, string Class, IReadOnlyList<string> Words,
    IReadOnlyList<Kind> Kinds, Stock Stock, IReadOnlyList<GlossaryEntry> Glossary);

/// <param name="Keys">Words of a product's name that make it this kind; sentences about it carry one of them as their key.</param>
/// <param name="Low">What a simple one costs in USD; <paramref name="Typical"/> and <paramref name="High"/> likewise.</param>
public sealed record Kind(IReadOnlyList<string> Keys, string One, string Many, decimal Low, decimal Typical, decimal High);

/// <param name="Words">Any of them in a feature calls for the entry; one that begins with "-" keeps it away.</param>
/// <param name="Lines">Explanations; one with a key needs that word (or one of "a/b") in the feature.</param>
public sealed record GlossaryEntry(IReadOnlyList<string> Words, IReadOnlyList<Stock.Line> Lines)
{
    public IEnumerable<string> Explain(string feature) =>
        Words.Any(w => w[0] != '-' && Has(feature, w)) && !Words.Any(w => w[0] == '-' && Has(feature, w[1..]))
            ? Lines.Where(l => l.Key is null || l.Key.Split('/').Any(k => Has(feature, k))).Select(l => l.Template) : [];

    /// <summary>As a word of its own: "g" is in "20 g", not in "gas".</summary>
    static bool Has(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
            if ((at == 0 || !char.IsLetter(text[at - 1])) && (at + word.Length >= text.Length || !char.IsLetter(text[at + word.Length]))) return true;
        return false;
    }
}

/// <summary>Every trade, from Data/niches: <c># name</c>, <c>thing:</c>, <c>person:</c>, <c>class:</c>, <c>words:</c>, <c>kind:</c> lines, then sections of a stock; a section <c>gloss: words</c> is a glossary entry.</summary>
public sealed partial class TradeKnowledge
{
    readonly List<Trade> trades;
    readonly Trade general;
    readonly IReadOnlyList<GlossaryEntry> commonGlossary;

    public TradeKnowledge()
    {
        trades = [.. Resource.Names("niches").Select(n => Read(Resource.Lines(n)))];
        general = trades.Single(t => t.Name == "general");
        trades.Remove(general);
        commonGlossary = general.Glossary;
    }

    public IReadOnlyList<Trade> Trades => trades;

    /// <returns>The trade of that name; else the one whose words the texts use most; else general knowledge.</returns>
    public Trade Find(string? name, params string?[] texts)
    {
        if (trades.FirstOrDefault(t => string.Equals(t.Name, name?.Replace('_', ' ').Replace('-', ' ').Trim(), StringComparison.OrdinalIgnoreCase)) is { } named) return named;
        var words = Tokens(string.Join(' ', texts.Append(name)));
        var best = trades.MaxBy(t => Score(t, words))!;
        return Score(best, words) > 0 ? best : general;
    }

    /// <returns>The kind of good whose key stands latest in the name, where a name says what a thing is; null when none does.</returns>
    public static Kind? KindOf(Trade trade, string name)
    {
        var text = " " + string.Join(' ', Tokens(name)) + " ";
        return trade.Kinds.SelectMany(k => k.Keys.Select(key => (Kind: k, At: text.LastIndexOf($" {key} ", StringComparison.Ordinal), key.Length)))
            .Where(m => m.At >= 0).OrderByDescending(m => m.At + m.Length).ThenByDescending(m => m.Length).Select(m => m.Kind).FirstOrDefault();
    }

    /// <summary>Explanations of a feature: those of the trade, then the common ones.</summary>
    public IReadOnlyList<string> Explain(Trade trade, string feature)
    {
        var text = feature.ToLowerInvariant() + ".";
        return [.. trade.Glossary.Concat(commonGlossary).SelectMany(g => g.Explain(text))];
    }

    static int Score(Trade trade, IReadOnlyCollection<string> words) =>
        words.Count(w => trade.Words.Contains(w, StringComparer.Ordinal)) + 3 * trade.Kinds.Count(k => k.Keys.Any(key => words.Contains(key, StringComparer.Ordinal)));

    static List<string> Tokens(string text) => [.. Word().Matches(text.ToLowerInvariant()).Select(m => m.Value)];

    static Trade Read(string[] lines)
    {
        var fields = lines.TakeWhile(l => !l.StartsWith("## ", StringComparison.Ordinal)).Where(l => l.Length > 0 && l[0] != '#')
            .Select(l => (Name: l[..l.IndexOf(':')], Value: l[(l.IndexOf(':') + 1)..].Trim())).ToList();
        var stock = Stock.Read(lines);
        return new(lines[0][2..], Pair("thing"), Pair("person"), fields.First(f => f.Name == "class").Value, List(fields.First(f => f.Name == "words").Value),
            [.. fields.Where(f => f.Name == "kind").Select(f => ToKind(f.Value))], stock,
            [.. stock.Sections.Where(s => s.StartsWith("gloss: ", StringComparison.Ordinal)).Select(s => new GlossaryEntry(List(s["gloss: ".Length..]), stock.Section(s)))]);

        (string, string) Pair(string name)
        {
            var parts = fields.First(f => f.Name == name).Value.Split('|', StringSplitOptions.TrimEntries);
            return (parts[0], parts[1]);
        }
    }

    static Kind ToKind(string text)
    {
        var parts = text.Split('|', StringSplitOptions.TrimEntries);
        var prices = parts[3].Split(' ').Select(p => decimal.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        return new(List(parts[0]), parts[1], parts[2], prices[0], prices[1], prices[2]);
    }

    static List<string> List(string text) => [.. text.Split(',', StringSplitOptions.TrimEntries)];

    [GeneratedRegex(@"[\p{L}\d]+", RegexOptions.CultureInvariant)] private static partial Regex Word();
}
