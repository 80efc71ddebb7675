using System.Text.Json;

namespace Empire.Payments.Facts;

/// <summary>Reads the providers' JSON. What must be there and is not says so by name.</summary>
internal static class Json
{
    public static string Text(this JsonElement element, string name) =>
        element.MaybeText(name) ?? throw new JsonException($"{name} is missing.");

    /// <summary>The text, or the id where an object stands in place of one.</summary>
    /// <returns>Null where it is absent, null or empty. A number is read as it was written.</returns>
    public static string? MaybeText(this JsonElement element, string name) => element.Maybe(name) is not { } value ? null : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : null,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.Object => value.MaybeText("id"),
        _ => throw new JsonException($"{name} is neither text nor a number."),
    };

    /// <returns>Null where it is absent or null.</returns>
    public static JsonElement? Maybe(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;

    public static JsonElement Part(this JsonElement element, string name) => element.Maybe(name) ?? throw new JsonException($"{name} is missing.");

    public static long Whole(this JsonElement element, string name) =>
        element.Maybe(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : throw new JsonException($"{name} is no whole number.");

    public static bool Flag(this JsonElement element, string name) => element.Maybe(name) is { ValueKind: JsonValueKind.True };

    /// <summary>A decimal, also where it is written as text.</summary>
    public static decimal Number(this JsonElement element, string name) => element.MaybeNumber(name) ?? throw new JsonException($"{name} is no number.");

    public static decimal? MaybeNumber(this JsonElement element, string name) => element.Maybe(name) switch
    {
        { ValueKind: JsonValueKind.Number } value when value.TryGetDecimal(out var number) => number,
        { ValueKind: JsonValueKind.String } value when decimal.TryParse(value.GetString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) => number,
        null => null,
        _ => throw new JsonException($"{name} is no number."),
    };

    /// <summary>Unix seconds.</summary>
    public static DateTimeOffset Time(this JsonElement element, string name) => element.MaybeTime(name) ?? throw new JsonException($"{name} is missing.");

    public static DateTimeOffset? MaybeTime(this JsonElement element, string name) => element.Maybe(name) is null ? null : DateTimeOffset.FromUnixTimeSeconds(element.Whole(name));

    /// <summary>Whole JSON as an element of its own.</summary>
    public static JsonElement Parse(string body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }

    /// <inheritdoc cref="Parse(string)"/>
    public static JsonElement Parse(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        var parsed = JsonElement.ParseValue(ref reader);
        return reader.Read() ? throw new JsonException("Something stands behind it.") : parsed;
    }
}
