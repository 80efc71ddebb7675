using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Empire.Telemetry.Tests.Carbon;

public sealed class CarbonFactorTests(TelemetryApp app) : IClassFixture<TelemetryApp>
{
    private const string Path = "/api/v1/telemetry/carbon-factors";
    private readonly TenantId tenant = TenantId.New(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task A_factor_of_ones_own_counts_in_the_fleet_and_in_jobs_until_it_is_removed()
    {
        var host = new Host(); // aws, us-east-1
        await app.StoreAsync([host.Batch(TimeProvider.System.GetUtcNow().AddHours(-2), 360, (_, _) => 50, (sample, _, _) => (sample.JobId, sample.Power) = ("training", 1000f))], tenant);
        await app.SettledAsync();
        using var client = app.ClientFor(tenant);
        var before = await Co2Async(client);
        using var set = await client.PutAsJsonAsync($"{Path}/AWS/us-east-1", new { grams_per_kwh = 18.5, year = 2026, source = "contract" });
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        var view = await set.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("aws", 18.5m, 2026, "contract"), (view.GetProperty("provider").GetString(), view.GetProperty("grams_per_kwh").GetDecimal(), view.GetProperty("year").GetInt32(), view.GetProperty("source").GetString()));
        Assert.Equal(before.Fleet, view.GetProperty("book_grams_per_kwh").GetDecimal() / 1000); // one kilowatt-hour
        Assert.Equal((0.0185m, 0.0185m), await Co2Async(client));
        var share = (await client.GetFromJsonAsync<JsonElement>("/api/v1/telemetry/fleet")).GetProperty("emissions").GetProperty("by_region")[0];
        Assert.Equal(("contract", 2026), (share.GetProperty("source").GetString(), share.GetProperty("year").GetInt32()));

        using var again = await client.PutAsJsonAsync($"{Path}/aws/us-east-1", new { grams_per_kwh = 0, source = "own turbines" });
        Assert.Equal((0m, 0m), await Co2Async(client));
        Assert.Equal(1, (await client.GetFromJsonAsync<JsonElement>(Path)).GetProperty("factors").GetArrayLength());
        using var gone = await client.DeleteAsync($"{Path}/aws/us-east-1");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        Assert.Equal(before, await Co2Async(client));
        using var goneAgain = await client.DeleteAsync($"{Path}/aws/us-east-1");
        Assert.Equal(HttpStatusCode.NoContent, goneAgain.StatusCode);
        Assert.Equal(["carbon-factor.set", "carbon-factor.set", "carbon-factor.removed"],
            await app.RowsAsync<string>("select action from kernel.audit where tenant_id = @id and entity_type = 'carbon-factor' order by id", new { id = tenant.Value }));
    }

    [Fact]
    public async Task Another_accounts_factor_counts_for_nobody_else()
    {
        using var other = app.ClientFor(TenantId.New(TimeProvider.System.GetUtcNow()));
        using var set = await other.PutAsJsonAsync($"{Path}/country/fr", new { grams_per_kwh = 1, source = "theirs" });
        Assert.Equal("FR", (await set.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("region").GetString());
        using var client = app.ClientFor(tenant);
        Assert.Equal(0, (await client.GetFromJsonAsync<JsonElement>(Path)).GetProperty("factors").GetArrayLength());
        using var notMine = await client.DeleteAsync($"{Path}/country/FR");
        Assert.Equal(1, (await other.GetFromJsonAsync<JsonElement>(Path)).GetProperty("factors").GetArrayLength());
    }

    [Theory]
    [InlineData("""{"grams_per_kwh": -1, "source": "x"}""", "grams_per_kwh")]
    [InlineData("""{"grams_per_kwh": 2000.1, "source": "x"}""", "grams_per_kwh")]
    [InlineData("""{"grams_per_kwh": 0.00001, "source": "x"}""", "grams_per_kwh")]
    [InlineData("""{"grams_per_kwh": 1, "year": 1800, "source": "x"}""", "year")]
    [InlineData("""{"grams_per_kwh": 1, "source": ""}""", "source")]
    [InlineData("""{"grams_per_kwh": 1}""", "source")]
    [InlineData("""{"grams_per_kwh": 1, "source": "two\nlines"}""", "source")]
    public async Task What_is_wrong_is_named(string body, string field)
    {
        using var client = app.ClientFor(tenant);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var refused = await client.PutAsync($"{Path}/aws/us-east-1", content);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(field, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<(decimal Fleet, decimal Job)> Co2Async(HttpClient client)
    {
        var (fleet, job) = (await client.GetFromJsonAsync<JsonElement>("/api/v1/telemetry/fleet"), await client.GetFromJsonAsync<JsonElement>("/api/v1/telemetry/jobs/training"));
        return (Of(fleet), Of(job));

        static decimal Of(JsonElement response) => response.GetProperty("emissions").GetProperty("co2e_kg").GetDecimal();
    }
}
