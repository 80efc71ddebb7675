using System.Net;
using System.Net.Http.Json;
using Empire.Telemetry.Tests.Settling;
using Empire.Testing;

namespace Empire.Telemetry.Tests;

/// <summary>In a database of its own: the walk below takes the walls away.</summary>
public sealed class TenantTableTests(PackingApp app) : IClassFixture<PackingApp>
{
    [Fact]
    public Task Every_table_with_a_tenant_is_isolated() => TenantTables.AssertIsolatedAsync(app.TestDatabase);
}

[CollectionDefinition(nameof(IsolationTests), DisableParallelization = true)]
[Collection(nameof(IsolationTests))]
public sealed class IsolationTests(PackingApp app) : IClassFixture<PackingApp>
{
    [Fact]
    public async Task Another_account_learns_and_changes_nothing_by_any_endpoint()
    {
        var host = new Host("isolated-host", gpus: 2);
        await app.StoreAsync([host.Batch(TimeProvider.System.GetUtcNow().AddHours(-1), 200, (_, _) => 5, (sample, _, _) => sample.JobId = "isolated-job")]);
        await app.SettledAsync();
        using var owner = app.OwnerClient();
        Assert.Equal(HttpStatusCode.Created, (await owner.PostAsJsonAsync("/api/v1/telemetry/measures", new { kind = "shut_down", agent_id = host.Id })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await owner.PutAsJsonAsync("/api/v1/telemetry/carbon-factors/aws/us-east-1", new { grams_per_kwh = 12.5, source = "isolated-source" })).StatusCode);
        await IsolationMatrix.AssertAsync(app, app.Tenant, new()
        {
            Bodies = new Dictionary<string, string> { ["POST /api/track-usage"] = """{"gpu_data": [{"gpu_index": -1}]}""" },
            Unproven = new Dictionary<string, string>
            {
                ["POST /api/track-usage agent_id"] = "samples are written behind the requests, which no rehearsal holds back, so none are sent; StreamTests shows that an agent of the same id in another account is another",
            },
            Words = new Dictionary<string, string>
            {
                ["PUT /api/v1/telemetry/carbon-factors/{provider}/{region}"] = "regions of the clouds; CarbonFactorTests shows that another account's factor counts for nobody else",
                ["DELETE /api/v1/telemetry/carbon-factors/{provider}/{region}"] = "regions of the clouds",
            },
        });
    }
}
