using System.Text.Json;

namespace Empire.Sandbox.Composer;

/// <summary>The order inside a prompt: <c>{"task": …, "brief": {…}}</c>, after a line BRIEF or as the whole message.</summary>
public sealed record Brief(string Task, JsonElement Data)
{
    /// <returns>Null when the message holds no such document.</returns>
    public static Brief? In(string message)
    {
        foreach (var start in Starts(message))
        {
            if (Parse(message[start..]) is { } brief) return brief;
        }
        return null;
    }

    static IEnumerable<int> Starts(string message)
    {
        var mark = message.LastIndexOf("\nBRIEF", StringComparison.Ordinal);
        if (mark < 0 && message.StartsWith("BRIEF", StringComparison.Ordinal)) mark = 0;
        if (mark >= 0 && message.IndexOf('{', mark) is >= 0 and var afterMark) yield return afterMark;
        if (message.IndexOf("{\"task\"", StringComparison.Ordinal) is >= 0 and var bare) yield return bare;
        if (message.IndexOf('{') is >= 0 and var first) yield return first;
    }

    static Brief? Parse(string text)
    {
        try
        {
            var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(text)); // reads one document and leaves what follows it
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("task", out var task) || task.ValueKind != JsonValueKind.String) return null;
            return root.TryGetProperty("brief", out var brief) && brief.ValueKind == JsonValueKind.Object ? new(task.GetString()!, brief.Clone()) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string? Text(string name) => Data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    public int? Number(string name) => Data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? (int)number : null;

    public IReadOnlyList<string> Texts(string name) => TextsOf(Data, name);

    public JsonElement? Document(string name) => Data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    internal static IReadOnlyList<string> TextsOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!).Where(t => t.Length > 0)] : [];

    /// <summary>The same order in the same words, whatever the spacing or the order of its fields.</summary>
    public string Fingerprint() => Task + Canonical(Data);

    static string Canonical(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', element.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => p.Name + ":" + Canonical(p.Value))) + "}",
        JsonValueKind.Array => "[" + string.Join(',', element.EnumerateArray().Select(Canonical)) + "]",
        JsonValueKind.Number => element.GetDecimal().ToString("0.############", System.Globalization.CultureInfo.InvariantCulture),
        JsonValueKind.String => JsonSerializer.Serialize(element.GetString()),
        _ => element.GetRawText(),
    };
}
