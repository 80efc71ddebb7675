using System.Text.Json;
using Empire.Content.Pieces;
using Empire.Content.Prompts;

namespace Empire.Content.Review;

/// <summary>A reply that passed: what is stored.</summary>
public sealed record Draft(string Title, JsonElement Document);

/// <summary>Decides whether a model's reply becomes a piece: it parses, fits its schema, keeps what its kind promises and breaks no content rule. Pure: no clock, no database.</summary>
public static class ReplyReview
{
    /// <returns>The draft, or everything that is wrong with the reply.</returns>
    public static (Draft? Draft, IReadOnlyList<Objection> Objections) Review(PieceKind kind, ReplySchema schema, string reply, Brief brief)
    {
        var json = WithoutFence(reply);
        if (Parse(json) is not { ValueKind: JsonValueKind.Object } document) return (null, [new("json", "the reply is not one JSON object")]);
        List<Objection> objections = [.. schema.Check(json)];
        if (objections.Count > 0) return (null, objections); // the kind's own rules read the fields that the schema promises
        if (brief.ProductId is not null) document = ContentRules.WithDisclosure(document);
        objections = [.. kind.Check(document, brief), .. ContentRules.Check(document, affiliate: brief.ProductId is not null)];
        return objections.Count > 0 ? (null, objections) : (new(kind.TitleOf(document), document), []);
    }

    /// <summary>Models that know no response format like to wrap JSON in a Markdown fence.</summary>
    private static string WithoutFence(string reply)
    {
        var text = reply.Trim();
        if (!text.StartsWith("```", StringComparison.Ordinal) || !text.EndsWith("```", StringComparison.Ordinal) || text.IndexOf('\n') is not (> 0 and var end)) return text;
        return text[end..^3].Trim();
    }

    private static JsonElement? Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null; // said as an objection
        }
    }
}
