using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Empire.Gateway.Routing;
using Empire.Hosting;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Empire.Gateway.Documents;

/// <summary>The whole product in one OpenAPI 3.1 document: the services' parts as they give them, every line of the route table that none of them describes, and what the gateway
/// itself adds to all: credentials, limits and the form of errors.</summary>
internal sealed partial class JoinedDocument(ApiParts parts, [FromKeyedServices("v1")] IOpenApiDocumentProvider own, ThisService service, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1), FreshWithGaps = TimeSpan.FromSeconds(3);
    private static readonly string[] Verbs = ["get", "put", "post", "delete", "patch"];

    private readonly SemaphoreSlim making = new(1);
    private volatile Made? made;

    public async ValueTask<Made> GetAsync(CancellationToken ct)
    {
        if (made is { } fresh && IsFresh(fresh)) return fresh;
        await making.WaitAsync(ct);
        try
        {
            if (made is { } other && IsFresh(other)) return other;
            var known = await parts.FetchAsync(ct);
            known = [.. known, (RouteTable.Door, JsonNode.Parse(await (await own.GetOpenApiDocumentAsync(ct)).SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, ct))!.AsObject())];
            return made = new(Join(known).ToJsonString(), clock.GetTimestamp(), known.All(entry => entry.Part is not null));
        }
        finally
        {
            making.Release();
        }
    }

    public void Dispose() => making.Dispose();

    private bool IsFresh(Made document) => clock.GetElapsedTime(document.At) < (document.Whole ? Fresh : FreshWithGaps);

    private JsonObject Join(IReadOnlyList<(string Service, JsonObject? Part)> known)
    {
        var paths = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        var schemas = new JsonObject { ["Error"] = CommonAnswers.Error() };
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (owner, part) in known)
            if (part is not null) Add(owner, part, paths, schemas);
        foreach (var route in RouteTable.All) AddLine(route, paths);
        foreach (var (path, item) in paths)
            foreach (var verb in Verbs)
                if (item[verb] is JsonObject operation) Complete(path, verb, operation, names);
        var missing = known.Where(entry => entry.Part is null).Select(entry => entry.Service).ToArray();
        return new()
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Empire",
                ["version"] = service.Version,
                ["description"] = "Every path takes an API key, an access token or a session, except where it says otherwise. Errors are problem details (RFC 9457) with a stable `code`."
                    + (missing.Length == 0 ? "" : $" Not described right now, since they do not answer: {string.Join(", ", missing)}."),
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["security"] = CommonAnswers.AnyCredential(),
            ["tags"] = new JsonArray([.. paths.Values.SelectMany(item => Verbs.Select(verb => item[verb]?["tags"]?[0]?.GetValue<string>())).OfType<string>().Distinct().Order(StringComparer.Ordinal)
                .Select(tag => new JsonObject { ["name"] = tag })]),
            ["paths"] = new JsonObject(paths.Select(path => KeyValuePair.Create(path.Key, (JsonNode?)path.Value))),
            ["components"] = new JsonObject { ["schemas"] = schemas, ["securitySchemes"] = CommonAnswers.SecuritySchemes() },
        };
    }

    /// <summary>Two services may use one name for two things, so a service's schemas carry its name.</summary>
    private static void Add(string owner, JsonObject part, SortedDictionary<string, JsonObject> paths, JsonObject schemas)
    {
        var copy = JsonNode.Parse(Reference().Replace(part.ToJsonString(), $"\"#/components/schemas/{owner}."))!.AsObject();
        foreach (var (path, item) in copy["paths"]!.AsObject().ToArray())
        {
            var outside = path.Length > 1 ? path.TrimEnd('/') : path;
            if (!IsOutside(owner, outside) || item is not JsonObject operations) continue;
            if (!paths.TryGetValue(outside, out var known)) paths[outside] = known = [];
            foreach (var verb in Verbs)
            {
                if (operations[verb] is not JsonObject operation || known[verb] is not null) continue;
                operation["x-service"] = owner;
                known[verb] = operation.DeepClone();
            }
        }
        if (copy["components"]?["schemas"] is not JsonObject own) return;
        foreach (var (name, schema) in own.ToArray()) schemas[$"{owner}.{name}"] = schema?.DeepClone();
    }

    /// <summary>Whether the gateway hands this path to that service at all.</summary>
    private static bool IsOutside(string owner, string path) => RouteTable.All.Any(route => route.Service == owner && !route.Grpc && route.Path != "/{**page}" && Covers(route.Path, path));

    private static bool Covers(string pattern, string path)
    {
        if (pattern.IndexOf("/{**", StringComparison.Ordinal) is var rest and >= 0) return path == pattern[..rest] || path.StartsWith(pattern[..rest] + "/", StringComparison.Ordinal);
        return Shape(pattern) == Shape(path);
    }

    /// <summary>With every parameter the same: <c>/a/{id}</c> and <c>/a/{key}</c> are one path.</summary>
    private static string Shape(string path) => Parameter().Replace(path, "{}");

    private static void AddLine(ServiceRoute route, SortedDictionary<string, JsonObject> paths)
    {
        if (route.Grpc || route.Path.Contains("{**", StringComparison.Ordinal)) return;
        var shape = Shape(route.Path);
        var path = paths.Keys.FirstOrDefault(known => Shape(known) == shape) ?? route.Path;
        if (!paths.TryGetValue(path, out var item)) paths[path] = item = [];
        foreach (var method in route.Methods.Length > 0 ? route.Methods : ["GET"])
        {
            var verb = method.ToLowerInvariant();
            if (item[verb] is not null) continue;
            item[verb] = new JsonObject
            {
                ["tags"] = new JsonArray(char.ToUpperInvariant(route.Service[0]) + route.Service[1..]),
                ["summary"] = route.Summary,
                ["parameters"] = new JsonArray([.. Parameter().Matches(path).Select(match => new JsonObject
                {
                    ["name"] = match.Value.Trim('{', '}'), ["in"] = "path", ["required"] = true, ["schema"] = new JsonObject { ["type"] = "string" },
                })]),
                ["responses"] = new JsonObject { [route.Unanswered ? "501" : "200"] = route.Unanswered ? CommonAnswers.Problem("Not built yet.") : new JsonObject { ["description"] = "OK" } },
                ["x-service"] = route.Service,
            };
        }
    }

    private static void Complete(string path, string verb, JsonObject operation, HashSet<string> names)
    {
        var shape = Shape(path);
        var route = RouteTable.All.Where(line => !line.Grpc && Covers(line.Path, path) && (line.Methods.Length == 0 || line.Methods.Contains(verb.ToUpperInvariant())))
            .OrderByDescending(line => Shape(line.Path) == shape).ThenByDescending(line => line.Path.Length).First();
        var name = operation["operationId"]?.GetValue<string>() ?? string.Concat(Words().Matches($"{verb} {path}").Select(word => char.ToUpperInvariant(word.Value[0]) + word.Value[1..]));
        for (var number = 2; !names.Add(name); number++) name = $"{name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9')}{number}";
        operation["operationId"] = name;
        var responses = operation["responses"] as JsonObject ?? [];
        operation["responses"] = responses;
        CommonAnswers.AddTo(responses, route);
        if (route.Access is not Access.Key) operation["security"] = new JsonArray();
        if (route.Unanswered) operation["x-not-yet-available"] = true;
    }

    /// <param name="Json">The document.</param>
    /// <param name="At">When it was made, on the clock's timestamps.</param>
    /// <param name="Whole">False while a service is still to be heard.</param>
    internal sealed record Made(string Json, long At, bool Whole);

    [GeneratedRegex("\"#/components/schemas/")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("[A-Za-z0-9]+")]
    private static partial Regex Words();
}
