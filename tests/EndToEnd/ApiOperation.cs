using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Empire.EndToEnd.Tests;

/// <summary>One operation of the API document.</summary>
/// <param name="Example">JSON of its body, as the document shows it; null where it has no JSON body, or no example.</param>
internal sealed partial record ApiOperation(string Method, string Path, string Name, bool HasBody, string? Example, JsonElement Json)
{
    private static readonly string[] Verbs = ["get", "put", "post", "delete", "patch"];

    /// <summary>It needs no credential, so what it answers is no account's.</summary>
    public bool IsAnybodys => Json.TryGetProperty("security", out var needed) && needed.GetArrayLength() == 0;

    public bool HasParameters => Path.Contains('{', StringComparison.Ordinal);

    public static IReadOnlyList<ApiOperation> All(JsonElement document) =>
    [
        .. from path in document.GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           where Verbs.Contains(operation.Name)
           let schema = SchemaOf(operation.Value)
           select new ApiOperation(operation.Name.ToUpperInvariant(), path.Name, operation.Value.GetProperty("operationId").GetString()!, schema is not null,
               schema is not null && Resolve(document, schema.Value).TryGetProperty("examples", out var examples) ? examples[0].GetRawText() : null, operation.Value),
    ];

    /// <param name="value">Stands for every parameter of the path.</param>
    public HttpRequestMessage Request(string value = "x") =>
        new(new(Method), new Uri(Parameter().Replace(Path, Uri.EscapeDataString(value)), UriKind.Relative)) { Content = HasBody ? new StringContent(Example ?? "{}", Encoding.UTF8, "application/json") : null };

    public static JsonElement? SchemaOf(JsonElement operation) =>
        operation.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("application/json", out var json) ? json.GetProperty("schema") : null;

    /// <summary>Where a body may be left out, its schema is one of two: nothing, or it.</summary>
    public static JsonElement Resolve(JsonElement document, JsonElement schema)
    {
        if (schema.TryGetProperty("oneOf", out var either)) return Resolve(document, either.EnumerateArray().Last());
        return schema.TryGetProperty("$ref", out var reference) ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]) : schema;
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
