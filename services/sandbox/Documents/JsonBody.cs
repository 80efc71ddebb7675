using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Empire.Sandbox.Documents;

/// <summary>What a request carries as JSON, read as leniently as the providers read it: a number may come as text.</summary>
static class JsonBody
{
    /// <returns>Null when the body is no JSON object.</returns>
    public static async Task<JsonObject?> ReadAsync(HttpRequest request)
    {
        try
        {
            return await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <returns>Null when it is absent, null or empty, or neither text nor number.</returns>
    public static string? Text(JsonObject body, string name) =>
        body[name] is JsonValue value && value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number && body[name]!.ToString() is { Length: > 0 } text ? text : null;

    /// <returns>Null when it is absent or no number.</returns>
    public static decimal? Number(JsonObject body, string name) =>
        Text(body, name) is { } text && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Without trailing zeros, as JavaScript writes a number: "49.5", "1e-7".</summary>
    public static JsonNode JsNumber(decimal number)
    {
        var plain = number / 1.000000000000000000000000000000m; // drops trailing zeros
        return plain != 0 && Math.Abs(plain) < 0.000001m ? JsonNode.Parse(Scientific(plain))! : JsonNode.Parse(plain.ToString(CultureInfo.InvariantCulture))!;
    }

    /// <summary>JavaScript writes numbers below a millionth with an exponent.</summary>
    static string Scientific(decimal number)
    {
        var exponent = 0;
        for (; Math.Abs(number) < 1; exponent++) number *= 10;
        return $"{(number / 1.000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)}e-{exponent}";
    }
}
