using System.Collections;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dapper;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Empire.Testing;

/// <summary>Walks every endpoint that a service maps, with a stranger's identity and an account's ids. What the stranger is told must be what they are told of ids that do
/// not exist, to the letter; lists must show nothing of the account; and the account's rows must be the same afterwards. A new endpoint is in it by being mapped.
/// Ids stand in paths alone here, and what changes something has no control: <see cref="IsolationMatrix"/> walks more, of the services whose tests name what it needs.</summary>
public static partial class PathIsolation
{
    /// <summary>The three runs, one after the other. The class of the test must not run beside others: the filter in code is taken away for the whole process.</summary>
    /// <param name="account">Owns something of every kind.</param>
    /// <param name="unreachable">GET routes that show the account's own owner nothing here, each for a reason the caller states beside it.</param>
    public static async Task AssertAsync<TProgram>(ServiceApp<TProgram> app, TenantId account, params string[] unreachable) where TProgram : class
    {
        await AssertAsync(app, account, Without.Nothing, unreachable);
        TenantFilter.IsOff = true;
        try { await AssertAsync(app, account, Without.FilterInCode, unreachable); }
        finally { TenantFilter.IsOff = false; }
        await DisableRowLevelSecurityAsync(app.TestDatabase);
        await AssertAsync(app, account, Without.RowLevelSecurity, unreachable);
    }

    private static async Task AssertAsync<TProgram>(ServiceApp<TProgram> app, TenantId account, Without missing, string[] unreachable) where TProgram : class
    {
        using var owner = app.ClientFor(account, actor: "user:owner");
        using var stranger = app.ClientFor(TenantId.New(TimeProvider.System.GetUtcNow()), actor: "user:stranger");
        var endpoints = EndpointsOf(app.Services);
        var ids = await IdsAsync(app, account, owner, endpoints);
        List<string> faults = missing == Without.Nothing ? [.. await UnwalkedAsync(owner, endpoints, app.Services), .. await UnprovenAsync(owner, endpoints, ids, unreachable)] : [];
        var before = await RowsAsync(app.TestDatabase, account); // after the owner's own reads, which may count views
        foreach (var (method, pattern, endpoint) in endpoints)
        {
            var parameters = pattern.Parameters.Where(parameter => !parameter.IsOptional && !parameter.IsCatchAll).Select(parameter => parameter.Name).ToList();
            var body = method is "POST" or "PUT" or "PATCH" ? Sample(endpoint) : null;
            if (parameters.Count == 0)
            {
                var told = await AskAsync(stranger, method, PathOf(pattern, _ => ""), body);
                if (ids.FirstOrDefault(id => id.Length >= 8 && told.Body.Contains(id, StringComparison.OrdinalIgnoreCase)) is { } leak) faults.Add($"{method} {pattern.RawText} shows the stranger {leak}");
                continue;
            }
            foreach (var id in ids)
            {
                var path = PathOf(pattern, _ => id);
                var nothing = Unlike(id);
                var told = await AskAsync(stranger, method, path, body);
                var control = await AskAsync(stranger, method, PathOf(pattern, _ => nothing), body);
                if (told.Status != control.Status || Plain(told.Body, id) != Plain(control.Body, nothing))
                    faults.Add($"{method} {path}: {(int)told.Status} {Short(told.Body)}; of an id that does not exist: {(int)control.Status} {Short(control.Body)}");
            }
        }
        var after = await RowsAsync(app.TestDatabase, account);
        foreach (var table in before.Keys.Where(table => before[table] != after.GetValueOrDefault(table))) faults.Add($"{table}: the account's rows changed");
        Assert.True(faults.Count == 0, $"Without {missing}, of {endpoints.Count} endpoints and {ids.Count} ids:\n{string.Join('\n', faults)}");
    }

    /// <summary>What the service's API document promises is walked, or open to everybody and so no account's.</summary>
    private static async Task<List<string>> UnwalkedAsync(HttpClient owner, List<(string Method, RoutePattern Pattern, RouteEndpoint Endpoint)> endpoints, IServiceProvider services)
    {
        var open = services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(endpoint => Unconstrained(endpoint.RoutePattern));
        var known = endpoints.Select(endpoint => $"{endpoint.Method} {Unconstrained(endpoint.Pattern)}").ToHashSet(StringComparer.OrdinalIgnoreCase);
        var anybodys = open.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var document = (await AskAsync(owner, "GET", "/internal/openapi/v1.json", null)).Body;
        var paths = Parse(document)?["paths"]?.AsObject() ?? [];
        if (paths.Count == 0) return [$"There is no API document to walk: {Short(document)}"];
        var misnamed = from path in paths
                       from operation in path.Value!.AsObject()
                       from parameter in operation.Value?["parameters"]?.AsArray() ?? []
                       where parameter!["in"]!.GetValue<string>() == "query" && parameter["name"]!.GetValue<string>() is var name && name.Any(char.IsAsciiLetterUpper)
                       select $"{operation.Key} {path.Key} takes {parameter["name"]} from its query; clients write snake_case, and what they write is ignored: give it a [FromQuery(Name = …)]";
        return [.. misnamed, .. paths.SelectMany(path => path.Value!.AsObject().Select(operation => (Operation: $"{operation.Key} {path.Key.TrimEnd('/')}", Path: path.Key.TrimEnd('/'))))
            .Where(promised => !known.Contains(promised.Operation) && !anybodys.Contains(promised.Path)).Select(promised => $"{promised.Operation} stands in the API document and is not walked")];

        static string Unconstrained(RoutePattern pattern) => Constraint().Replace("/" + pattern.RawText!.Trim('/'), "{$1}");
    }

    /// <summary>Where even the owner sees nothing, a stranger who sees nothing proves nothing.</summary>
    private static async Task<List<string>> UnprovenAsync(
        HttpClient owner, List<(string Method, RoutePattern Pattern, RouteEndpoint Endpoint)> endpoints, IReadOnlyList<string> ids, string[] unreachable)
    {
        List<string> unproven = [];
        foreach (var (_, pattern, _) in endpoints.Where(endpoint => endpoint.Method == "GET" && endpoint.Pattern.Parameters.Any(parameter => !parameter.IsOptional && !parameter.IsCatchAll)))
        {
            var seen = false;
            foreach (var id in ids) seen = seen || (await AskAsync(owner, "GET", PathOf(pattern, _ => id), null)).Status == HttpStatusCode.OK;
            if (!seen && !unreachable.Contains(pattern.RawText)) unproven.Add($"GET {pattern.RawText} shows its own account nothing of {ids.Count} ids: the walk proves nothing here");
        }
        return unproven;
    }

    private static List<(string Method, RoutePattern Pattern, RouteEndpoint Endpoint)> EndpointsOf(IServiceProvider services) =>
        [.. services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Distinct()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(method => (method, endpoint.RoutePattern, endpoint)))
            .Where(endpoint => endpoint.method is "GET" or "POST" or "PUT" or "PATCH" or "DELETE" && !endpoint.endpoint.DisplayName!.Contains("gRPC", StringComparison.Ordinal))
            .OrderBy(endpoint => endpoint.method == "GET" ? 0 : endpoint.method == "DELETE" ? 2 : 1).ThenBy(endpoint => endpoint.RoutePattern.RawText, StringComparer.Ordinal)];

    /// <summary>What names anything of the account: ids as its own lists show them, and those of its rows.</summary>
    private static async Task<IReadOnlyList<string>> IdsAsync<TProgram>(
        ServiceApp<TProgram> app, TenantId account, HttpClient owner, List<(string Method, RoutePattern Pattern, RouteEndpoint Endpoint)> endpoints) where TProgram : class
    {
        const int perName = 2;
        var found = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (_, pattern, _) in endpoints.Where(endpoint => endpoint.Method == "GET" && endpoint.Pattern.Parameters.All(parameter => parameter.IsOptional)))
        {
            var told = await AskAsync(owner, "GET", PathOf(pattern, _ => ""), null);
            if (told.Status == HttpStatusCode.OK && Parse(told.Body) is { } json) Harvest(json, pattern.RawText!, found);
        }
        await using var everything = await app.TestDatabase.OpenAsOwnerAsync();
        foreach (var table in await TablesAsync(everything))
            foreach (var row in await everything.QueryAsync<string>($"select to_jsonb(t)::text from {table} t where tenant_id = @account limit 5", new { account = account.Value }))
                Harvest(JsonNode.Parse(row)!, table, found);
        return [.. found.Values.SelectMany(values => values.Take(perName)).Where(value => value != account.Value.ToString() && value != account.ToString()).Distinct(StringComparer.Ordinal)];
    }

    private static void Harvest(JsonNode node, string where, Dictionary<string, List<string>> found)
    {
        switch (node)
        {
            case JsonArray array:
                foreach (var item in array.OfType<JsonNode>()) Harvest(item, where, found);
                break;
            case JsonObject fields:
                foreach (var (name, value) in fields)
                {
                    if (value is JsonObject or JsonArray) Harvest(value, where, found);
                    else if (value?.GetValueKind() is JsonValueKind.String && IsName(name) && value.GetValue<string>() is { Length: > 3 and < 120 } text && !text.Any(c => c is '/' or '?' or '#' or '%' or ' ' or '\n'))
                    {
                        var values = found.TryGetValue($"{where} {name}", out var known) ? known : found[$"{where} {name}"] = [];
                        if (!values.Contains(text)) values.Add(text);
                    }
                }
                break;
        }

        static bool IsName(string field) => field is "id" or "code" or "slug" or "key" or "account" or "link_key" or "request_key" || (field.EndsWith("_id", StringComparison.Ordinal) && field != "tenant_id") || field.EndsWith("_code", StringComparison.Ordinal);
    }

    /// <summary>Of the same form, of nothing that exists.</summary>
    private static string Unlike(string id)
    {
        var guid = GuidLike().Match(id);
        if (guid.Success) return id.Replace(guid.Value, Guid.CreateVersion7().ToString(guid.Value.Contains('-', StringComparison.Ordinal) ? "D" : "N"), StringComparison.Ordinal);
        return string.Concat(id.Select((character, at) => char.IsAsciiLetterLower(character) ? (char)('a' + (character - 'a' + 7 + at) % 26) : character));
    }

    /// <summary>A body that passes validation where its type alone can tell; where it cannot, both ids get the same refusal.</summary>
    private static string Sample(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is { } type ? (SampleOf(type, 0) ?? new JsonObject()).ToJsonString() : "{}";

    private static JsonNode? SampleOf(Type type, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return "sample";
        if (type == typeof(bool)) return true;
        if (type == typeof(int) || type == typeof(long) || type == typeof(decimal) || type == typeof(double)) return 1;
        if (type == typeof(Guid)) return Guid.CreateVersion7().ToString();
        if (type == typeof(DateTimeOffset)) return "2026-01-02T03:04:05Z";
        if (type == typeof(DateOnly)) return "2026-01-02";
        if (type.IsEnum || depth > 4) return null;
        if (type.IsAssignableTo(typeof(IEnumerable)))
            return (type.IsArray ? type.GetElementType() : type.GetGenericArguments() is [var only] ? only : null) is { } element && SampleOf(element, depth + 1) is { } item ? new JsonArray(item) : null;
        if (type.GetConstructors().OrderByDescending(constructor => constructor.GetParameters().Length).FirstOrDefault() is not { } constructor) return null;
        var sample = new JsonObject();
        foreach (var parameter in constructor.GetParameters().Where(parameter => !parameter.HasDefaultValue))
        {
            var allowed = parameter.GetCustomAttributes().OfType<OneOfAttribute>().FirstOrDefault()?.Values.FirstOrDefault()?.ToString();
            sample[SnakeCaseJson.NameOf(parameter.Name!)] = allowed is not null ? allowed : SampleOf(parameter.ParameterType, depth + 1);
        }
        return sample;
    }

    private static string PathOf(RoutePattern pattern, Func<string, string> value) =>
        "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart parameter => Uri.EscapeDataString(value(parameter.Name)),
            _ => "",
        }))));

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpClient client, string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new(method), new Uri(path, UriKind.Relative));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (method != "GET") request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Without what differs between any two requests.</summary>
    private static string Plain(string body, string id) => Changing().Replace(body.Replace(id, "(id)", StringComparison.OrdinalIgnoreCase), "(once)");

    private static string Short(string body) => body.Length <= 300 ? body : body[..300] + "…";

    private static JsonNode? Parse(string body)
    {
        try { return JsonNode.Parse(body); }
        catch (JsonException) { return null; }
    }

    private static async Task<IReadOnlyList<string>> TablesAsync(System.Data.IDbConnection everything) =>
        (await everything.QueryAsync<string>(
            """
            select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
            where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema') order by 1
            """)).AsList();

    /// <summary>When nothing is on its way to the bus any more: what has been sent leaves the outbox by itself.</summary>
    private static async Task<Dictionary<string, string>> RowsAsync(TestDatabase database, TenantId account)
    {
        await using var everything = await database.OpenAsOwnerAsync();
        await Eventually.EqualAsync(0, () => everything.QuerySingleAsync<int>("select count(*)::int from kernel.outbox where tenant_id = @account", new { account = account.Value }));
        var rows = new Dictionary<string, string>();
        foreach (var table in await TablesAsync(everything))
            rows[table] = string.Join('\n', await everything.QueryAsync<string>($"select to_jsonb(t)::text from {table} t where tenant_id = @account order by 1", new { account = account.Value }));
        return rows;
    }

    private static async Task DisableRowLevelSecurityAsync(TestDatabase database)
    {
        await using var everything = await database.OpenAsOwnerAsync();
        foreach (var table in await TablesAsync(everything)) await everything.ExecuteAsync($"alter table {table} disable row level security");
    }

    [GeneratedRegex(@"\{\**([A-Za-z_]+)[^}]*\}")]
    private static partial Regex Constraint();

    [GeneratedRegex("[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex GuidLike();

    [GeneratedRegex("\"trace_id\":\"[^\"]*\"|[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}|\\d{4}-\\d\\d-\\d\\dT[^\"]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Changing();
}
