using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Empire.Content.Review;

/// <summary>What no piece may say, whatever sells: the phrases by which readers are pressed or misled, each under the rule it breaks, and the disclosure that every
/// piece with an affiliate link carries (FTC, 16 CFR Part 255: clear, and where the claim is).</summary>
public static partial class ContentRules
{
    /// <summary>The property of a document that holds its disclosure.</summary>
    public const string DisclosureProperty = "disclosure";

    public const string Disclosure = "This page contains affiliate links. If you buy through one of them we may earn a commission, at no extra cost to you.";

    private static readonly (string Rule, Regex Phrase)[] Forbidden =
    [
        ("false-urgency", FalseUrgency()), ("false-scarcity", FalseScarcity()), ("promised-result", PromisedResult()), ("health-claim", HealthClaim()),
        ("fake-authority", FakeAuthority()), ("price-pressure", PricePressure()),
    ];

    /// <summary>Every rule that a text breaks, with the phrase that breaks it.</summary>
    public static IEnumerable<Objection> Check(string text) =>
        from rule in Forbidden
        let found = rule.Phrase.Match(text)
        where found.Success
        select new Objection(rule.Rule, $"\"{found.Value}\" is a phrase that we do not use");

    /// <summary>All texts of a document, wherever they stand in it.</summary>
    /// <param name="affiliate">It is about a product that pays us: the disclosure must be there.</param>
    public static IEnumerable<Objection> Check(JsonElement document, bool affiliate)
    {
        if (affiliate && !(document.TryGetProperty(DisclosureProperty, out var disclosure) && disclosure.ValueKind == JsonValueKind.String && disclosure.GetString() == Disclosure))
            yield return new("ftc-disclosure", "a piece with an affiliate link must say so");
        foreach (var objection in Texts(document).SelectMany(Check)) yield return objection;
    }

    public static JsonElement WithDisclosure(JsonElement document)
    {
        var disclosed = JsonObject.Create(document)!;
        disclosed[DisclosureProperty] = Disclosure;
        return JsonSerializer.SerializeToElement(disclosed);
    }

    private static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Texts(property.Value)),
        _ => [],
    };

    [GeneratedRegex(@"\b(act now|act fast|hurry up|last chance|before it'?s too late|limited[- ]time (offer|only|deal)|offer ends (soon|today|tonight)|don'?t miss out|buy now or)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex FalseUrgency();

    [GeneratedRegex(@"\b(only \d+ (left|remaining)|almost (gone|sold out)|while (stocks?|supplies) last|selling out fast)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex FalseScarcity();

    [GeneratedRegex(@"\b(guaranteed (results?|to work|savings|income)|100 ?% guaranteed|risk[- ]free|get rich|you can'?t lose|will change your life|results? guaranteed)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex PromisedResult();

    [GeneratedRegex(@"\b(miracle (cure|product|solution)|cures? (cancer|diabetes|arthritis|anxiety)|clinically proven|doctors? hate|detox(es|ify) your body|lose \d+ (pounds|kg|kilos) in)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex HealthClaim();

    [GeneratedRegex(@"\b(experts agree|scientists say|everyone is buying|as seen on tv|the #1 product|number one product in the world)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex FakeAuthority();

    [GeneratedRegex(@"\b(lowest price ever|never this cheap again|price (goes|will go) up (soon|tomorrow|tonight))\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex PricePressure();
}
