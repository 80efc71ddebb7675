using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Empire.EndToEnd.Tests;

/// <summary>GWY-09: text in a filter is text to the database, at every list there is.</summary>
[Collection(InstallationCollection.Name)]
public sealed class FilterTests(Installation empire)
{
    private const int AtOnce = 8;
    private static readonly string[] Injections = ["' OR 1=1 --", "x' OR 'a'='a", "1; select pg_sleep(20); --", "') union select null, null --", "%' or true or name like '%", "\\'; drop table users; --", "${jndi:ldap://x}", "{\"$ne\": null}"];

    [Fact]
    public async Task No_filter_of_the_document_lets_in_more_than_it_names()
    {
        using var shop = new Shop(empire.Sandbox);
        using var account = await empire.NewTenantAsync("filtered");
        await account.RunCycleAsync(await shop.FeedAsync(70, 1));   // so that there is something to be let in
        await account.PostJsonAsync("/api/v1/identity/keys", JsonContent.Create(new { name = "mine" }));
        await account.PostJsonAsync("/api/v1/revenue/customers", JsonContent.Create(new { email = Person.NewEmail() }));
        await account.PostJsonAsync("/api/marketing/campaign", JsonContent.Create(new { name = "mine", channel = "email", budget = 10 }));
        var filters =
            (from operation in ApiOperation.All(await account.GetJsonAsync("/openapi/v1.json"))
             where operation.Method == "GET" && !operation.Json.TryGetProperty("x-not-yet-available", out _) && operation.Json.TryGetProperty("parameters", out _)
             from parameter in operation.Json.GetProperty("parameters").EnumerateArray()
             where parameter.GetProperty("in").GetString() == "query" && IsText(parameter)
             select (operation, name: parameter.GetProperty("name").GetString()!)).ToList();
        Assert.True(filters.Count > 40, $"The document names only {filters.Count} filters.");

        var faults = new ConcurrentBag<string>();
        var empty = new ConcurrentDictionary<string, bool>();
        await Parallel.ForEachAsync(from filter in filters from injection in Injections select (filter.operation, filter.name, injection), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, ct) =>
        {
            var (operation, name, injection) = one;
            var path = operation.Request("00000000-0000-7000-8000-000000000000").RequestUri + $"?{name}={Uri.EscapeDataString(injection)}";
            using var client = operation.IsAnybodys ? Person.Browser(empire) : null;
            foreach (var asker in client is not null ? (HttpClient[])[client] : [account, empire.OwnerClient])
            {
                using var answer = await asker.GetAsync(new Uri(path, UriKind.Relative), ct);
                var told = await answer.Content.ReadAsStringAsync(ct);
                if ((int)answer.StatusCode >= 500) faults.Add($"{(int)answer.StatusCode} {path} {told}");
                else if (answer.StatusCode == HttpStatusCode.OK && Rows(told) is > 0 and var rows) faults.Add($"{rows} rows of GET {operation.Path} ({operation.Name}) by {name}={injection}: {told[..Math.Min(told.Length, 300)]}");
                else if (answer.StatusCode == HttpStatusCode.OK) empty.TryAdd($"{operation.Path} {name}", true);
            }
        });
        Assert.True(faults.IsEmpty, $"{faults.Count}:\n{string.Join('\n', faults.Order())}");
        Assert.True(empty.Count > 5, $"Only {empty.Count} filters answered with a list.");
        Assert.Equal(HttpStatusCode.OK, (await account.GetAsync(new Uri("/api/v1/identity/me", UriKind.Relative))).StatusCode);
        Assert.NotEmpty(await account.GetAllAsync("/api/v1/content/pieces"));
    }

    private static bool IsText(JsonElement parameter)
    {
        var schema = parameter.GetProperty("schema");
        return schema.TryGetProperty("type", out var type) && (type.ValueKind is JsonValueKind.Array ? type.EnumerateArray().Any(one => one.GetString() == "string") : type.GetString() == "string");
    }

    /// <summary>Of the answer's first list, or of itself where it is one.</summary>
    private static int Rows(string told)
    {
        if (!told.StartsWith('{') && !told.StartsWith('[')) return 0;
        var json = JsonSerializer.Deserialize<JsonElement>(told);
        if (json.ValueKind is JsonValueKind.Array) return json.GetArrayLength();
        return json.EnumerateObject().Where(field => field.Value.ValueKind is JsonValueKind.Array).Select(field => field.Value.GetArrayLength()).DefaultIfEmpty(0).Max();
    }
}
