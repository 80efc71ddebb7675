using System.Net;
using System.Text.Json;

namespace Empire.EndToEnd.Tests;

/// <summary>OPS-04 as its demonstration has it: well with every check, an outage while the database is away, well again by itself.</summary>
[Collection(InstallationCollection.Name)]
public sealed class HealthTests(Installation empire)
{
    private static readonly string[] Checks = ["database", "redis", "external_apis", "api_key", "disk_space", "memory_usage", "last_recipe_generation", "recent_errors"];

    [Fact]
    public async Task Without_its_database_it_says_so_and_recovers_by_itself()
    {
        await empire.HealthyAsync();
        using var watcher = Person.Browser(empire);   // takes a 500 for an answer
        var (_, well) = await AskAsync(watcher);
        foreach (var check in Checks) Assert.True(well.GetProperty("checks").TryGetProperty(check, out _), $"{check}: {well}");

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var outage = FirstOutageAsync(watcher, patience.Token);   // looks before, while and after it dies, however soon it is back
        await empire.KillAsync("postgres");
        var told = await outage;
        Assert.Equal("unhealthy", told.GetProperty("status").GetString());
        Assert.Equal("unhealthy", told.GetProperty("checks").GetProperty("database").GetProperty("status").GetString());
        Assert.Matches("database of .+ does not answer", told.GetProperty("error").GetString()!);
        await empire.HealthyAsync();
    }

    private static async Task<JsonElement> FirstOutageAsync(HttpClient watcher, CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var (status, told) = await AskAsync(watcher);
            if (status is HttpStatusCode.InternalServerError && told.GetProperty("error").GetString()!.Contains("database", StringComparison.Ordinal)) return told;
        }
    }

    private static async Task<(HttpStatusCode Status, JsonElement Told)> AskAsync(HttpClient watcher)
    {
        using var answer = await watcher.GetAsync("/health");
        return (answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()));
    }
}
