using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Testing;

/// <summary>One operation that a service maps for somebody signed in, with what its API document says of it.</summary>
/// <param name="Path">Without constraints and trailing slash, as the document writes it.</param>
/// <param name="Json">Of the document; null where it does not describe the operation.</param>
/// <param name="Body">As the document's example; null for what takes none.</param>
/// <param name="TheirBody">The same as the stranger sends it.</param>
internal sealed partial record IsolationOperation(string Method, string Path, RoutePattern Pattern, JsonNode? Json, JsonNode? Body, JsonNode? TheirBody)
{
    public string Name => $"{Method} {Path}";
    public bool Changes => Method != "GET";
    public IReadOnlyList<string> Parameters => [.. Pattern.Parameters.Where(parameter => !parameter.IsOptional && !parameter.IsCatchAll).Select(parameter => parameter.Name)];

    public static IReadOnlyList<IsolationOperation> All(IServiceProvider services, JsonNode document, IReadOnlyDictionary<string, string> bodies, IReadOnlyDictionary<string, string> counterparts) =>
    [
        .. from endpoint in services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Distinct()
           where endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null && !endpoint.DisplayName!.Contains("gRPC", StringComparison.Ordinal)
           from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
           where method is "GET" or "POST" or "PUT" or "PATCH" or "DELETE"
           let path = Unconstrained(endpoint.RoutePattern)
           let json = document["paths"]?.AsObject().FirstOrDefault(known => known.Key.TrimEnd('/') == path).Value?[method.ToLowerInvariant()]
           let body = method is "GET" or "DELETE" ? null : bodies.TryGetValue($"{method} {path}", out var own) ? JsonNode.Parse(own) : ExampleOf(document, json) ?? new JsonObject()
           orderby method == "GET" ? 0 : method == "DELETE" ? 2 : 1, path
           let theirs = body is null ? null : JsonNode.Parse(counterparts.Aggregate(body.ToJsonString(), (text, pair) => text.Replace(pair.Key, pair.Value, StringComparison.Ordinal)))
           select new IsolationOperation(method, path, endpoint.RoutePattern, json, body, theirs),
    ];

    public static string Unconstrained(RoutePattern pattern) => Constraint().Replace("/" + pattern.RawText!.Trim('/'), "{$1}");

    /// <summary>Where this operation takes what names something: all parameters of its path together, and each such field of its query and body alone.</summary>
    public IEnumerable<IsolationPlace> Places(JsonNode document)
    {
        if (Parameters.Count > 0) yield return new(this, Name, Parameters, (values, body) => (PathOf(values), body?.ToJsonString()));
        if (Parameters.Count > 0) yield break;   // a stranger is stopped at the path: behind it nothing is looked for
        foreach (var parameter in Json?["parameters"]?.AsArray() ?? [])
            if (parameter!["in"]!.GetValue<string>() == "query" && parameter["name"]!.GetValue<string>() is var name && RefersTo(name))
                yield return new(this, $"{Name}?{name}", [name], (values, body) => ($"{PathOf([])}?{name}={Uri.EscapeDataString(values[0])}", body?.ToJsonString()));
        if (Body is null) yield break;
        foreach (var field in Fields(Body, "").Concat(Promised(document)).Distinct(StringComparer.Ordinal))
            yield return new(this, $"{Name} {field}", [field.Split('.')[^1]], (values, body) => (PathOf([]), With(body!.DeepClone(), field.Split('.'), values[0]).ToJsonString()));
    }

    public string PathOf(IReadOnlyList<string> values) =>
        "/" + string.Join('/', Pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart parameter => Parameters.ToList().IndexOf(parameter.Name) is >= 0 and var at && at < values.Count ? Uri.EscapeDataString(values[at]) : "",
            _ => "",
        }))));

    /// <summary>Whether a field's value, in what an account is shown, names one thing of it.</summary>
    public static bool NamesThing(string field) => field is "code" or "slug" or "key" or "link_key" or "request_key" || RefersTo(field);

    /// <summary>Whether a field of a request refers to a thing. A code may be one of a second factor, or of a coupon that is to be.</summary>
    private static bool RefersTo(string field) =>
        field is "id" or "tenant" or "account" or "customer" or "coupon" or "campaign"
        || (field.EndsWith("_id", StringComparison.Ordinal) && field is not "tenant_id" and not "trace_id") || field.EndsWith("_ids", StringComparison.Ordinal) || field.EndsWith("_code", StringComparison.Ordinal);

    private static IEnumerable<string> Fields(JsonNode node, string under) => node switch
    {
        JsonObject fields => fields.SelectMany(field => field.Value is JsonObject or JsonArray ? Fields(field.Value, $"{under}{field.Key}.") : RefersTo(field.Key) ? [$"{under}{field.Key}"] : []),
        JsonArray { Count: > 0 } list => list[0] is JsonObject first ? Fields(first, $"{under}0.") : RefersTo(under.Split('.')[^2]) ? [$"{under}0"] : [],
        _ => [],
    };

    /// <summary>What the schema takes beside what the example shows.</summary>
    private IEnumerable<string> Promised(JsonNode document) =>
        Body is JsonObject && Resolve(document, Json?["requestBody"]?["content"]?["application/json"]?["schema"])?["properties"] is JsonObject properties
            ? properties.Where(property => RefersTo(property.Key) && Body[property.Key] is null && property.Value?["type"]?.ToJsonString().Contains("string", StringComparison.Ordinal) == true).Select(property => property.Key)
            : [];

    private static JsonNode With(JsonNode body, ReadOnlySpan<string> path, string value)
    {
        var inner = body;
        foreach (var step in path[..^1]) inner = inner is JsonArray list ? list[int.Parse(step)]! : inner[step]!;
        if (inner is JsonArray last) last[int.Parse(path[^1])] = value;
        else inner[path[^1]] = value;
        return body;
    }

    private static JsonNode? ExampleOf(JsonNode document, JsonNode? operation) =>
        Resolve(document, operation?["requestBody"]?["content"]?["application/json"]?["schema"])?["examples"]?[0]?.DeepClone();

    /// <summary>Where a body may be left out, its schema is one of two: nothing, or it.</summary>
    private static JsonNode? Resolve(JsonNode document, JsonNode? schema) => schema switch
    {
        null => null,
        _ when schema["oneOf"] is JsonArray either => Resolve(document, either[^1]),
        _ when schema["$ref"] is { } reference => document["components"]!["schemas"]![reference.GetValue<string>().Split('/')[^1]],
        _ => schema,
    };

    [GeneratedRegex(@"\{\**([A-Za-z_]+)[^}]*\}")]
    private static partial Regex Constraint();
}

/// <summary>Where an operation takes what names something.</summary>
/// <param name="Names">Of the values that it takes together.</param>
/// <param name="Ask">With these values, and in this body.</param>
internal sealed record IsolationPlace(IsolationOperation Operation, string Name, IReadOnlyList<string> Names, Func<IReadOnlyList<string>, JsonNode?, (string Path, string? Body)> Ask);

/// <summary>What an operation told, in a form that compares.</summary>
internal readonly record struct IsolationAnswer(HttpStatusCode Status, string Body)
{
    public override string ToString() => $"{(int)Status} {(Body.Length <= 300 ? Body : Body[..300] + "…")}";
}
