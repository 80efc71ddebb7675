using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Empire.Gateway.Tests;

/// <summary><c>/health</c> says what is: each of its checks can fail, and what fails has its name. Everything is up here, in one replica or two.</summary>
public sealed class HealthTests(HealthTests.TwoOfEach app) : IClassFixture<HealthTests.TwoOfEach>
{
    private static readonly string[] Checks = ["database", "redis", "external_apis", "api_key", "disk_space", "memory_usage", "last_recipe_generation", "recent_errors"];

    [Fact]
    public async Task Every_check_is_there_and_well_where_everything_is()
    {
        var health = await AskAsync(HttpStatusCode.OK);
        foreach (var name in Checks) Assert.Equal("healthy", Status(health, name));
        Assert.Equal("2026-03-02T07:00:00+00:00", Reason(health, "last_recipe_generation"));   // of recipes: there is a later piece of another kind
        Assert.Contains("MB", Reason(health, "memory_usage"), StringComparison.Ordinal);
        Assert.True(health.GetProperty("timestamp").TryGetDateTimeOffset(out _) && health.GetProperty("version").GetString() is { Length: > 0 });
        Assert.Equal(JsonValueKind.Null, health.GetProperty("error").ValueKind);
    }

    [Fact]
    public async Task A_service_is_there_while_one_of_its_replicas_is()
    {
        var health = await AskAsync(HttpStatusCode.OK);
        Assert.Equal("degraded", health.GetProperty("status").GetString());
        Assert.Equal(("degraded", "1 of 2 replicas of payments are not ready"), (Status(health, "payments"), Reason(health, "payments")));     // the first is away
        Assert.Equal(("degraded", "1 of 2 replicas of analytics are not ready"), (Status(health, "analytics"), Reason(health, "analytics")));  // the second
        Assert.Equal("healthy", Status(health, "content"));
    }

    [Fact]
    public async Task A_database_that_is_gone_is_named_and_is_an_outage()
    {
        app.Behind.DatabaseStatus = "unhealthy";
        try
        {
            var sick = await AskAsync(HttpStatusCode.InternalServerError);
            Assert.Equal("unhealthy", Status(sick, "database"));
            Assert.Contains("database of acquisition, analytics", sick.GetProperty("error").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            app.Behind.DatabaseStatus = "healthy";
        }
        Assert.Equal("healthy", Status(await AskAsync(HttpStatusCode.OK), "database"));
    }

    [Theory]
    [InlineData("provider.Meadow", "degraded", "external_apis", "degraded", 200)]
    [InlineData("key.OpenAi", "degraded", "api_key", "degraded", 200)]
    [InlineData("memory", "degraded", "memory_usage", "degraded", 200)]
    [InlineData("memory", "unhealthy", "memory_usage", "unhealthy", 500)]
    public async Task What_a_replica_has_seen_shows_under_its_name(string line, string said, string check, string status, int code)
    {
        app.Behind.Condition[line] = said;
        try
        {
            var health = await AskAsync((HttpStatusCode)code);
            Assert.Equal(status, Status(health, check));
            Assert.Contains($"{line} is {said}", Reason(health, check), StringComparison.Ordinal);
            if (line.Contains('.', StringComparison.Ordinal)) Assert.Contains(line.Split('.')[1], Reason(health, check), StringComparison.Ordinal);
            foreach (var other in Checks.Where(name => name != check)) Assert.Equal("healthy", Status(health, other));
        }
        finally
        {
            app.Behind.Condition[line] = "healthy";
        }
    }

    [Fact]
    public async Task Recipes_that_stopped_are_missed_and_none_ever_made_are_not()
    {
        var before = app.Behind.Business["last_recipe"];
        try
        {
            app.Behind.Business["last_recipe"] = ("unhealthy", "2026-03-01T07:00:00+00:00");
            var stopped = await AskAsync(HttpStatusCode.OK);
            Assert.Equal("degraded", Status(stopped, "last_recipe_generation"));
            Assert.StartsWith("2026-03-01T07:00:00+00:00", Reason(stopped, "last_recipe_generation"), StringComparison.Ordinal);
            app.Behind.Business["last_recipe"] = ("healthy", null);
            var none = await AskAsync(HttpStatusCode.OK);
            Assert.Equal(("healthy", "none yet"), (Status(none, "last_recipe_generation"), Reason(none, "last_recipe_generation")));
        }
        finally
        {
            app.Behind.Business["last_recipe"] = before;
        }
    }

    private async Task<JsonElement> AskAsync(HttpStatusCode status)
    {
        using var client = app.ClientFor(null);
        using var answer = await client.GetAsync("/health");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode} {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static string Status(JsonElement health, string check) => health.GetProperty("checks").GetProperty(check).GetProperty("status").GetString()!;

    private static string? Reason(JsonElement health, string check) => health.GetProperty("checks").GetProperty(check).GetProperty("reason").GetString();

    public sealed class TwoOfEach : GatewayApp
    {
        private const string Nobody = "http://127.0.0.1:9";

        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            new("services:autopilot:http:0", Behind.Http), new("services:content:http:1", Behind.Http),
            new("services:payments:http:0", Nobody), new("services:payments:http:1", Behind.Http), new("services:analytics:http:1", Nobody),
        ];
    }
}

/// <summary>Where a service is away altogether, as autopilot is for the common fixture.</summary>
public sealed class OutageTests(GatewayApp app) : IClassFixture<GatewayApp>
{
    [Fact]
    public async Task A_service_that_is_away_is_an_outage_and_has_its_name()
    {
        using var client = app.ClientFor(null);
        using var answer = await client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains("autopilot does not answer", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString(), StringComparison.Ordinal);
    }
}
