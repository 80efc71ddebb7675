using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dapper;
using Empire.Data;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Empire.Testing;

/// <summary>Which of the two walls between accounts the test takes away.</summary>
public enum Without
{
    Nothing,
    FilterInCode,
    RowLevelSecurity,
}

/// <summary>Walks every endpoint that a service maps, with a stranger's identity and an account's ids: in the path, and in each field of query and body that names something. What the stranger is told must
/// be what they are told of ids that do not exist, to the letter; lists must show nothing of the account; and the account's rows must be the same afterwards. Each such place has a control: the account's own
/// owner is told something else there of one of their things than of what does not exist. A new endpoint is in it by being mapped.</summary>
public static partial class IsolationMatrix
{
    private const int AtOnce = 4;

    /// <summary>Of every service: queues hold the messages of all accounts, so redriving them is the operator's alone.</summary>
    private const string Redrive = "/messaging/errors/{queue}/redrive";

    /// <summary>The three runs, one after the other. The class of the test must not run beside others: the filter in code is taken away for the whole process.</summary>
    /// <param name="account">Owns something of every kind.</param>
    public static async Task AssertAsync<TProgram>(ServiceApp<TProgram> app, TenantId account, IsolationPlan? plan = null) where TProgram : class
    {
        plan ??= new();
        app.Server.PreserveExecutionContext = true;   // so that a request made in a rehearsal is one
        await OwnKernelRowsAsync(app.TestDatabase, account);
        using var owner = app.ClientFor(account, actor: $"user:{plan.Owner:N}", tier: "enterprise");
        using var stranger = app.ClientFor(plan.Elsewhere, actor: $"user:{plan.Stranger:N}", tier: "enterprise");
        var told = await AskAsync(owner, "GET", "/internal/openapi/v1.json", null);
        if (Parse(told.Body) is not { } document) throw new InvalidOperationException($"There is no API document to walk: {told}");
        var operations = IsolationOperation.All(app.Services, document, plan.Bodies, plan.Counterparts);
        var all = operations.SelectMany(operation => operation.Places(document)).ToList();
        var places = all.Where(place => !plan.Foreign.ContainsKey(place.Name)).ToList();
        var things = await ThingsAsync(app, account, owner, operations);
        var walk = new Walk(stranger, operations, places, things, plan.Words);

        var faults = Unwalked(document, operations, app.Services);
        faults.AddRange(await InAsync(app, account, () => walk.AllAsync(new Dictionary<string, IReadOnlyList<string[]>>())));
        var known = await KnownAsync(owner, places, things);
        faults.AddRange(places.Where(place => known[place.Name].Count == 0 && !plan.Unproven.ContainsKey(place.Name) && !plan.Words.ContainsKey(place.Name) && !place.Name.EndsWith(Redrive, StringComparison.Ordinal)).Select(place =>
            $"{place.Name} tells its own account nothing of {things.Of(place).Count} things of its own: the walk proves nothing here"));
        faults.AddRange(plan.Unproven.Keys.Where(name => !known.TryGetValue(name, out var seen) || seen.Count > 0).Select(name => $"{name} is called unproven, and is not"));
        faults.AddRange(plan.Foreign.Keys.Except(all.Select(place => place.Name)).Select(name => $"{name} is said to take what is another's, and is no place"));
        faults.AddRange(plan.Words.Keys.Where(name => !known.ContainsKey(name)).Select(name => $"{name} is said to take words, and is not walked"));
        faults = Told(Without.Nothing, faults);

        TenantFilter.IsOff = true;
        try { faults.AddRange(Told(Without.FilterInCode, await InAsync(app, account, () => walk.AllAsync(known)))); }
        finally { TenantFilter.IsOff = false; }
        await DisableRowLevelSecurityAsync(app.TestDatabase);
        faults.AddRange(Told(Without.RowLevelSecurity, await InAsync(app, account, () => walk.AllAsync(known))));
        Assert.True(faults.Count == 0, $"Of {walk}, {faults.Count} faults:\n{string.Join('\n', faults)}");
    }

    private static List<string> Told(Without missing, List<string> faults) => [.. faults.Select(fault => $"Without {missing}: {fault}")];

    /// <summary>A walk, and whether the account's rows are the same after it.</summary>
    private static async Task<List<string>> InAsync<TProgram>(ServiceApp<TProgram> app, TenantId account, Func<Task<List<string>>> walk) where TProgram : class
    {
        var before = await RowsAsync(app.TestDatabase, account);
        var faults = await walk();
        var after = await RowsAsync(app.TestDatabase, account);
        foreach (var table in before.Keys.Where(table => before[table] != after.GetValueOrDefault(table))) faults.Add($"{table}: the account's rows changed from {before[table]} to {after.GetValueOrDefault(table)}");
        return faults;
    }

    /// <summary>What the owner is told something of, by place: these are the things that a stranger would learn of if a wall were missing. Nothing of it happens.</summary>
    private static async Task<IReadOnlyDictionary<string, IReadOnlyList<string[]>>> KnownAsync(HttpClient owner, IReadOnlyList<IsolationPlace> places, Things things)
    {
        var known = new ConcurrentDictionary<string, IReadOnlyList<string[]>>(StringComparer.Ordinal);
        await EachAsync(places, async place =>
        {
            var nothing = new Nothing(owner, place, place.Operation.Body);
            var seen = new List<string[]>();
            foreach (var values in things.Of(place))
                if (await AtAsync(owner, place, place.Operation.Body, values, rehearsed: true) != await nothing.LikeAsync(values)) seen.Add(values);
            known[place.Name] = seen;
        });
        return known;
    }

    /// <summary>What the service's API document promises is walked, or open to everybody and so no account's.</summary>
    private static List<string> Unwalked(JsonNode document, IReadOnlyList<IsolationOperation> operations, IServiceProvider services)
    {
        var anybodys = services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(endpoint => IsolationOperation.Unconstrained(endpoint.RoutePattern)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var known = operations.Select(operation => operation.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var paths = document["paths"]?.AsObject() ?? [];
        if (paths.Count == 0) return ["The API document names no path."];
        var misnamed = from path in paths
                       from operation in path.Value!.AsObject()
                       from parameter in operation.Value?["parameters"]?.AsArray() ?? []
                       where parameter!["in"]!.GetValue<string>() == "query" && parameter["name"]!.GetValue<string>() is var name && name.Any(char.IsAsciiLetterUpper)
                       select $"{operation.Key} {path.Key} takes {parameter["name"]} from its query; clients write snake_case, and what they write is ignored: give it a [FromQuery(Name = …)]";
        return [.. misnamed, .. paths.SelectMany(path => path.Value!.AsObject().Select(operation => (Operation: $"{operation.Key} {path.Key.TrimEnd('/')}", Path: path.Key.TrimEnd('/'))))
            .Where(promised => !known.Contains(promised.Operation) && !anybodys.Contains(promised.Path)).Select(promised => $"{promised.Operation} stands in the API document and is not walked")];
    }

    /// <summary>What every service keeps of an account, where its tests left none: an effect that is over.</summary>
    private static async Task OwnKernelRowsAsync(TestDatabase database, TenantId account)
    {
        await using var everything = await database.OpenAsOwnerAsync();
        await everything.ExecuteAsync(
            """
            insert into kernel.effects (id, tenant_id, kind, key, intent, state, due_at, planned_at, settled_at)
            values (@id, @account, 'isolation.walk', @key, '{}', 'succeeded', @now, @now, @now)
            """, new { id = Guid.CreateVersion7(), account = account.Value, key = $"walk {Guid.CreateVersion7():N}", now = TimeProvider.System.GetUtcNow() });
    }

    /// <summary>What names anything of the account: ids as its own lists show them, and those of its rows.</summary>
    private static async Task<Things> ThingsAsync<TProgram>(ServiceApp<TProgram> app, TenantId account, HttpClient owner, IReadOnlyList<IsolationOperation> operations) where TProgram : class
    {
        var things = new Things(operations.SelectMany(operation => operation.Parameters).ToHashSet(StringComparer.Ordinal), [account.ToString(), account.Value.ToString()]);
        foreach (var operation in operations.Where(operation => operation.Method == "GET" && operation.Parameters.Count == 0))
        {
            var told = await AskAsync(owner, "GET", operation.PathOf([]), null);
            if (told.Status == HttpStatusCode.OK && Parse(told.Body) is { } json) things.Harvest(json, operation.Path);
        }
        await using var everything = await app.TestDatabase.OpenAsOwnerAsync();
        foreach (var table in await TablesAsync(everything))
            foreach (var row in await everything.QueryAsync<string>($"select to_jsonb(t)::text from {table} t where tenant_id = @account limit 5", new { account = account.Value }))
                things.Harvest(JsonNode.Parse(row)!, table);
        return things;
    }

    /// <summary>What was found of an account.</summary>
    /// <param name="parameters">Names of paths' parameters: fields of these names are taken too.</param>
    /// <param name="self">Names of the account itself, which come first in what is asked about accounts and are no leak.</param>
    private sealed class Things(IReadOnlySet<string> parameters, string[] self)
    {
        private const int PerName = 2;
        private readonly Dictionary<string, List<string>> found = new(StringComparer.Ordinal);
        private readonly HashSet<string> telling = new(StringComparer.Ordinal);
        private readonly List<JsonObject> rows = [];

        /// <summary>Every single one.</summary>
        public IReadOnlyList<string> All => [.. found.Values.SelectMany(values => values.Take(PerName)).Except(self, StringComparer.Ordinal).Distinct(StringComparer.Ordinal)];

        /// <summary>Those that nobody else may be shown anywhere: not the words that a path takes, and not which of the installation's keys sealed a secret.</summary>
        public IReadOnlyList<string> Telling => [.. All.Where(telling.Contains)];

        /// <summary>What can stand in a place: where it takes several values together, those that stand in one row.</summary>
        public IReadOnlyList<string[]> Of(IsolationPlace place) => place.Names.Count > 1
            ? [.. rows.Where(row => place.Names.All(name => row[name] is JsonValue)).Select(row => place.Names.Select(name => row[name]!.ToString()).ToArray()).DistinctBy(values => string.Join('/', values))]
            : [.. (place.Names[0] is "tenant" or "account" or "id" ? All.Concat(self) : All).Select(value => (string[])[value])];

        public void Harvest(JsonNode node, string where)
        {
            if (node is JsonArray array)
                foreach (var item in array.OfType<JsonNode>()) Harvest(item, where);
            if (node is not JsonObject fields) return;
            rows.Add(fields);
            foreach (var (name, value) in fields)
            {
                if (value is JsonObject or JsonArray) Harvest(value, where);
                else if (value?.GetValueKind() is JsonValueKind.String && (IsolationOperation.NamesThing(name) || parameters.Contains(name))
                    && value.GetValue<string>() is { Length: > 3 and < 120 } text && !text.Any(c => c is '/' or '?' or '#' or '%' or ' ' or '\n'))
                {
                    var values = found.TryGetValue($"{where} {name}", out var known) ? known : found[$"{where} {name}"] = [];
                    if (!values.Contains(text)) values.Add(text);
                    if (text.Length >= 8 && IsolationOperation.NamesThing(name) && name != "key_id") telling.Add(text);
                }
            }
        }
    }

    /// <summary>One stranger's walk.</summary>
    private sealed class Walk(HttpClient stranger, IReadOnlyList<IsolationOperation> operations, IReadOnlyList<IsolationPlace> places, Things things, IReadOnlyDictionary<string, string> words)
    {
        /// <param name="known">What is worth asking of, by place; places that are not in it, or have nothing, are asked of everything.</param>
        public async Task<List<string>> AllAsync(IReadOnlyDictionary<string, IReadOnlyList<string[]>> known)
        {
            var faults = new ConcurrentBag<string>();
            var ids = things.Telling;
            await EachAsync(places, async place =>
            {
                var nothing = new Nothing(stranger, place, place.Operation.TheirBody);
                foreach (var values in Asked(place, known))
                {
                    var told = await AtAsync(stranger, place, place.Operation.TheirBody, values, rehearsed: place.Operation.Changes);
                    if (words.ContainsKey(place.Name))
                    {
                        if (Leak(told) is { } shown) faults.Add($"{place.Name} of {string.Join(", ", values)} shows the stranger {shown}");
                        continue;
                    }
                    var control = await nothing.LikeAsync(values);
                    if (told != control) faults.Add($"{place.Name} of {string.Join(", ", values)}: {told}; of what does not exist: {control}");
                }
            });
            foreach (var operation in operations.Where(operation => operation.Parameters.Count == 0))
            {
                var told = await AskAsync(stranger, operation.Method, operation.PathOf([]), operation.TheirBody?.ToJsonString());
                if (Leak(told) is { } leak) faults.Add($"{operation.Name} shows the stranger {leak}");
            }
            // Once more in earnest: whatever is told, nothing of the account may change.
            foreach (var place in places.Where(place => place.Operation.Changes))
                foreach (var values in Asked(place, known)) await AtAsync(stranger, place, place.Operation.TheirBody, values, rehearsed: false);
            return [.. faults.Order(StringComparer.Ordinal)];

            string? Leak(IsolationAnswer told) => ids.FirstOrDefault(id => told.Body.Contains(id, StringComparison.OrdinalIgnoreCase));
        }

        private IReadOnlyList<string[]> Asked(IsolationPlace place, IReadOnlyDictionary<string, IReadOnlyList<string[]>> known) =>
            known.TryGetValue(place.Name, out var worth) && worth.Count > 0 ? worth : things.Of(place);

        public override string ToString() => $"{operations.Count} operations with {places.Count} places for {things.All.Count} ids";
    }

    /// <summary>What somebody is told at a place of things that do not exist, asked once for each form of id.</summary>
    private sealed class Nothing(HttpClient client, IsolationPlace place, JsonNode? body)
    {
        private readonly Dictionary<string, IsolationAnswer> told = new(StringComparer.Ordinal);

        public async Task<IsolationAnswer> LikeAsync(string[] values)
        {
            var form = string.Join('/', values.Select(FormOf));
            return told.TryGetValue(form, out var known) ? known : told[form] = await AtAsync(client, place, body, [.. values.Select(Unlike)], rehearsed: place.Operation.Changes);
        }
    }

    private static async Task<IsolationAnswer> AtAsync(HttpClient client, IsolationPlace place, JsonNode? with, string[] values, bool rehearsed)
    {
        var (path, body) = place.Ask(values, with);
        var told = default(IsolationAnswer);
        if (rehearsed) await Rehearsal.RunAsync(async () => told = await AskAsync(client, place.Operation.Method, path, body));
        else told = await AskAsync(client, place.Operation.Method, path, body);
        return told with { Body = Changing().Replace(values.OrderByDescending(value => value.Length).Aggregate(told.Body, (text, value) => text.Replace(value, "(id)", StringComparison.OrdinalIgnoreCase)), "(once)") };
    }

    private static async Task<IsolationAnswer> AskAsync(HttpClient client, string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new(method), new Uri(path, UriKind.Relative));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (method != "GET") request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        using var answer = await client.SendAsync(request);
        return new(answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static Task EachAsync(IEnumerable<IsolationPlace> places, Func<IsolationPlace, Task> act) =>
        Parallel.ForEachAsync(places, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (place, _) => await act(place));

    /// <summary>Of the same form, of nothing that exists.</summary>
    internal static string Unlike(string id)
    {
        var guid = GuidLike().Match(id);
        if (guid.Success) return id.Replace(guid.Value, Guid.CreateVersion7().ToString(guid.Value.Contains('-', StringComparison.Ordinal) ? "D" : "N"), StringComparison.Ordinal);
        return string.Concat(id.Select((character, at) => character switch
        {
            >= 'a' and <= 'z' => (char)('a' + (character - 'a' + 7 + at) % 26),
            >= 'A' and <= 'Z' => (char)('A' + (character - 'A' + 7 + at) % 26),
            >= '1' and <= '9' => (char)('1' + (character - '1' + 4) % 9),
            _ => character,
        }));
    }

    private static string FormOf(string id) => GuidLike().Match(id) is { Success: true } guid ? id.Replace(guid.Value, guid.Value.Contains('-', StringComparison.Ordinal) ? "(D)" : "(N)", StringComparison.Ordinal) : id;

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

    [GeneratedRegex("[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex GuidLike();

    /// <summary>What differs between any two requests.</summary>
    [GeneratedRegex("\"trace_id\":\"[^\"]*\"|[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}|\\d{4}-\\d\\d-\\d\\dT[^\"]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Changing();
}
