using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Empire.EndToEnd.Tests;

/// <summary>Requests that the API's own document suggests, spoiled: wrong types, huge, deep, odd characters, duplicate keys, cut short. The same seed and ids make the same ones.</summary>
/// <param name="ids">Of the account that they come from; they stand in half of the paths, so that what lies behind is reached.</param>
internal sealed class MalformedRequests(JsonElement document, int seed, IReadOnlyList<string> ids)
{
    private static readonly string[] Strings =
    [
        "", " ", "\0", "\u202Eevil", "💥💥💥", "ÅÄÖ‮﷽", "' OR 1=1 --", "<script>alert(1)</script>", "../../../../etc/passwd", "%00%0a%0d", "{{7*7}}", "a\r\nX-Injected: yes",
        "http://169.254.169.254/latest/meta-data", "file:///etc/passwd", "null", "true", "-1", "1e309", "9999999999999999999999", "2026-02-30", "2026-13-45T99:99:99Z",
        "00000000-0000-0000-0000-000000000000", "cyc_00000000000000000000000000000000", new('x', 5_000),
    ];

    private readonly Random random = new(seed);
    private readonly (string Method, string Path, JsonElement Operation)[] operations =
        [.. document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Where(verb => verb.Name is "get" or "post" or "put" or "patch" or "delete")
            .Select(verb => (verb.Name.ToUpperInvariant(), path.Name, verb.Value)))];

    public int Operations => operations.Length;

    /// <param name="number">Every operation has its turn.</param>
    public (HttpRequestMessage Request, string Told) Next(int number)
    {
        var (method, path, operation) = operations[number % operations.Length];
        var told = new StringBuilder();
        var address = System.Text.RegularExpressions.Regex.Replace(path, @"\{[^}]+\}", _ => random.Next(2) == 0 && ids.Count > 0 ? Uri.EscapeDataString(One(ids)) : Uri.EscapeDataString(One(Strings) is { Length: > 0 } text ? Cut(text, 1_500) : "x"));
        List<string> query = [];
        foreach (var parameter in Parameters(operation).Where(_ => random.Next(3) > 0)) query.Add($"{parameter}={Uri.EscapeDataString(Cut(One(Strings), 1_500))}");
        if (random.Next(20) == 0) query.Add($"unknown{random.Next(5)}=1");
        var request = new HttpRequestMessage(new(method), new Uri(query.Count == 0 ? address : $"{address}?{string.Join('&', query)}", UriKind.Relative));
        told.Append($"{method} {request.RequestUri}");
        if (method is "POST" or "PUT" or "PATCH" || random.Next(50) == 0)
        {
            var (body, kind) = Body(operation);
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(One(["application/json", "application/json", "application/json", "application/json; charset=utf-8", "text/plain", "application/xml", "multipart/form-data; boundary=x"]));
            told.Append($" [{kind}] {Cut(Encoding.UTF8.GetString(body), 300)}");
        }
        if (random.Next(15) == 0) request.Headers.TryAddWithoutValidation("Idempotency-Key", One(["", "x", new('k', 300), "a b;c"]));
        return (request, told.ToString());
    }

    private (byte[] Body, string Kind) Body(JsonElement operation)
    {
        var sample = operation.TryGetProperty("requestBody", out var wanted) && wanted.TryGetProperty("content", out var contents) && contents.TryGetProperty("application/json", out var json) && json.TryGetProperty("schema", out var schema)
            ? Sample(schema, 0) : new JsonObject { ["a"] = 1 };
        var text = (sample ?? new JsonObject()).ToJsonString();
        return random.Next(12) switch
        {
            0 => (Encoding.UTF8.GetBytes(text[..random.Next(text.Length)]), "cut short"),
            1 => (Encoding.UTF8.GetBytes(new string('[', 3_000) + new string(']', 3_000)), "deep"),
            2 => (Encoding.UTF8.GetBytes("{\"a\":\"" + new string('x', 1_200_000) + "\"}"), "huge"),
            3 => (Encoding.UTF8.GetBytes(text.StartsWith('{') && text.Length > 2 ? $"{{{text[1..^1]},{text[1..^1]}}}" : "{\"a\":1,\"a\":2}"), "duplicate keys"),
            4 => ([0xFF, 0xFE, 0x7B, 0x22, 0xC3, 0x28, 0x22, 0x3A, 0x31, 0x7D], "no UTF-8"),
            5 => ("\"\\ud800\""u8.ToArray(), "half a character"),
            6 => (Encoding.UTF8.GetBytes(One(["null", "[]", "3", "\"\"", "true", "", "{}", "{\"__proto__\":{\"role\":\"owner\"}}"])), "another kind of value"),
            7 => (Encoding.UTF8.GetBytes(text.Replace("}", ",\"role\":\"owner\",\"tenant_id\":\"00000000-0000-0000-0000-000000000001\",\"is_operator\":true}", StringComparison.Ordinal)), "fields that are not the client's"),
            _ => (Encoding.UTF8.GetBytes(Spoil(sample)?.ToJsonString() ?? "null"), "wrong values"),
        };
    }

    /// <summary>One value becomes something else.</summary>
    private JsonNode? Spoil(JsonNode? node)
    {
        if (node is JsonObject { Count: > 0 } fields)
        {
            var name = fields.ElementAt(random.Next(fields.Count)).Key;
            var copy = fields.DeepClone().AsObject();
            copy[name] = copy[name] is JsonObject or JsonArray && random.Next(2) == 0 ? Spoil(copy[name]) : Anything();
            return copy;
        }
        return node is JsonArray { Count: > 0 } list ? new JsonArray(Spoil(list[0])) : Anything();
    }

    private JsonNode? Anything() => random.Next(8) switch
    {
        0 => null,
        1 => JsonValue.Create(random.NextInt64(long.MinValue, long.MaxValue)),
        2 => JsonNode.Parse("1e400"),
        3 => new JsonArray([.. Enumerable.Range(0, 500).Select(i => (JsonNode)i)]),
        4 => new JsonObject { ["nested"] = new JsonObject { ["more"] = true } },
        5 => JsonValue.Create(false),
        _ => JsonValue.Create(One(Strings)),
    };

    private JsonNode? Sample(JsonElement schema, int depth)
    {
        if (depth > 6 || schema.ValueKind is not JsonValueKind.Object) return null;
        if (schema.TryGetProperty("$ref", out var reference))
            return document.GetProperty("components").GetProperty("schemas").TryGetProperty(reference.GetString()!["#/components/schemas/".Length..], out var named) ? Sample(named, depth + 1) : null;
        foreach (var choice in (string[])["oneOf", "anyOf", "allOf"])
            if (schema.TryGetProperty(choice, out var options)) return Sample(options.EnumerateArray().LastOrDefault(), depth + 1);
        if (schema.TryGetProperty("enum", out var values)) return JsonNode.Parse(values[random.Next(values.GetArrayLength())].GetRawText());
        if (schema.TryGetProperty("properties", out var properties))
            return new JsonObject(properties.EnumerateObject().Where(_ => random.Next(10) > 0).Select(property => KeyValuePair.Create(property.Name, Sample(property.Value, depth + 1))));
        if (schema.TryGetProperty("items", out var items)) return new JsonArray(Sample(items, depth + 1));
        var type = schema.TryGetProperty("type", out var kind) ? kind.ValueKind is JsonValueKind.Array ? kind.EnumerateArray().Last().GetString() : kind.GetString() : null;
        return type switch { "integer" => random.Next(1, 12), "number" => random.Next(1, 1000) / 4.0, "boolean" => random.Next(2) == 0, "object" => new JsonObject(), "array" => new JsonArray(), _ => "sample text" };
    }

    private static IEnumerable<string> Parameters(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Where(p => p.TryGetProperty("in", out var place) && place.GetString() == "query").Select(p => p.GetProperty("name").GetString()!) : [];

    private T One<T>(IReadOnlyList<T> all) => all[random.Next(all.Count)];

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}
