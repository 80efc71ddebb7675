using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Empire.Telemetry.Tests.Ingest;

public sealed class HttpGreetingTests(TelemetryApp app) : IClassFixture<TelemetryApp>
{
    [Fact]
    public async Task The_number_0_without_samples_asks_over_http_too_which_number_is_the_highest()
    {
        using var client = app.ClientFor(TenantId.New(TimeProvider.System.GetUtcNow()));
        var agent = Guid.CreateVersion7();
        Assert.Equal(0UL, await GreetAsync(client, agent));
        using var stored = await client.PostAsJsonAsync("/api/track-usage", new
        {
            agent_id = agent, sequence = 7, gpu_data = new[] { new { gpu_index = 0, gpu_name = "Tesla V100", gpu_util = 50, mem_used = 12000, mem_total = 16000 } },
        });
        Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
        Assert.Equal(7UL, await GreetAsync(client, agent));
    }

    private static async Task<ulong> GreetAsync(HttpClient client, Guid agent)
    {
        using var response = await client.PostAsJsonAsync("/api/track-usage", new { agent_id = agent, sequence = 0, clock_ms = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), gpu_data = Array.Empty<object>() });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("highest_sequence").GetUInt64();
    }
}
