using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Empire.Telemetry.Tests.Settling;

/// <summary>A GPU that falls off the bus: its agent says the last reading once more, under the same time, with the error that it has heard of since.</summary>
public sealed class RepeatedMomentTests(TelemetryApp app) : IClassFixture<TelemetryApp>
{
    [Fact]
    public async Task A_reading_that_is_said_once_more_brings_its_error_and_costs_nothing()
    {
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        using var client = app.ClientFor(tenant);
        var (agent, at) = (Guid.CreateVersion7(), TimeProvider.System.GetUtcNow().AddMinutes(-10).ToUnixTimeMilliseconds());
        for (var i = 0; i < 6; i++) await StoreAsync(client, agent, (ulong)i + 1, at, Math.Min(i, 4), i == 5 ? 79 : null);
        await app.SettledAsync();
        Assert.Equal("50000 2000000 6", await app.SeeAsync<string>("select sum(ms) || ' ' || sum(energy_mj) || ' ' || sum(samples) from rollups_day where tenant_id = @tenant", new { tenant = tenant.Value }));
        var told = Assert.Single((await client.GetFromJsonAsync<JsonElement>("/api/v1/telemetry/events")).GetProperty("data").EnumerateArray());
        Assert.Equal(("ecc", 79), (told.GetProperty("kind").GetString(), told.GetProperty("xid").GetInt32()));
    }

    private static async Task StoreAsync(HttpClient client, Guid agent, ulong sequence, long start, int reading, int? xid)
    {
        var gpu = new { gpu_index = 0, gpu_uuid = "GPU-a", gpu_name = "Tesla V100", gpu_util = 50, mem_used = 12000, mem_total = 16000, energy = 1_000 + reading * 500, observed_at_ms = start + reading * 10_000, xid };
        using var response = await client.PostAsJsonAsync("/api/track-usage", new { agent_id = agent, sequence, host = new { interval_seconds = 10 }, gpu_data = new[] { gpu } });
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
    }
}
