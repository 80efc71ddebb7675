using System.Text.Json;
using System.Text.RegularExpressions;

namespace Empire.Publishing.Pieces;

/// <summary>What is never published. Content checks its pieces against rules of its own; these stand at the door to the public, whoever wrote the piece.
/// Sources: 16 CFR part 255 (endorsements), 16 CFR part 465 (reviews), EU directive 2005/29/EC, annex I (false urgency, false scarcity, false claims to cure).</summary>
public static partial class ContentRules
{
    /// <summary>Phrases that press or promise what nobody here can know, by the rule they break. Whole words, any case; white space and apostrophes are evened out before.</summary>
    private static readonly (string Rule, string[] Phrases)[] Manipulation =
    [
        ("false-urgency", ["act now", "buy now before", "last chance", "offer ends soon", "offer ends tonight", "today only", "limited time only", "limited-time offer", "before it's too late", "time is running out", "don't wait another"]),
        ("false-scarcity", ["only a few left", "almost sold out", "selling out fast", "going fast", "while supplies last", "once they're gone"]),
        ("unproven-claim", ["guaranteed results", "100% guaranteed", "scientifically proven to", "clinically proven", "risk-free", "miracle cure", "miracle product", "doctors hate"]),
        ("untrue-experience", ["i tested this", "we tested this", "after testing it for", "in our tests", "i've been using this", "i have been using this"]),
        ("social-pressure", ["everyone is buying", "everybody is buying", "don't be the only one", "you'll regret"]),
    ];

    private const string Disclosure = "ftc-disclosure";

    /// <summary>Refusals carry the rule's name: <c>ftc-disclosure</c>, <c>false-urgency</c>, …</summary>
    public static Refusal? Check(Piece piece)
    {
        using var document = JsonDocument.Parse(piece.Document);
        if (piece.Product is not null && !Discloses(document.RootElement))
            return new(Disclosure, "The piece sells a product and carries no disclosure, or says that it needs none.");
        var text = Even(string.Join('\n', Strings(document.RootElement)));
        foreach (var (rule, phrases) in Manipulation)
            if (phrases.FirstOrDefault(phrase => Says(text, phrase)) is { } phrase)
                return new(rule, $"The piece says “{phrase}”, which the rule {rule} forbids.");
        return null;
    }

    /// <summary>The last look before a page is public: whatever the templates became, a paid link without a disclosure above it does not go out.</summary>
    public static Refusal? CheckPage(string html)
    {
        var paid = html.IndexOf("rel=\"sponsored", StringComparison.Ordinal);
        var disclosure = html.IndexOf("data-disclosure", StringComparison.Ordinal);
        return paid < 0 || (disclosure >= 0 && disclosure < paid) ? null : new(Disclosure, "The page has a paid link before its disclosure.");
    }

    /// <summary>Content puts the disclosure into every document that sells; a post's writer says besides whether one is needed.</summary>
    private static bool Discloses(JsonElement document) =>
        document.TryGetProperty("disclosure", out var text) && text.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(text.GetString())
        && !(document.TryGetProperty("disclosure_needed", out var needed) && needed.ValueKind == JsonValueKind.False);

    private static bool Says(string text, string phrase)
    {
        for (var at = text.IndexOf(phrase, StringComparison.Ordinal); at >= 0; at = text.IndexOf(phrase, at + 1, StringComparison.Ordinal))
        {
            var end = at + phrase.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end]))) return true;
        }
        return false;
    }

    private static string Even(string text) => Space().Replace(text.Replace('’', '\'').ToLowerInvariant(), " ");

    /// <summary>Every string of the document: a rule holds in a title, a step and a caption alike.</summary>
    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Strings(member.Value)),
        _ => [],
    };

    [GeneratedRegex(@"[\s*_]+")] private static partial Regex Space();
}
