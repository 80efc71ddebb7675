using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Contracts.V1;
using Empire.Testing;
using Grpc.Core;
using Grpc.Net.Client;

namespace Empire.EndToEnd.Tests;

/// <summary>GPU hosts report to the running installation as agents do, through its door; what comes of it is in the fleet, the costs and the books.</summary>
[Collection(InstallationCollection.Name)]
public sealed class GpuTests(Installation empire)
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_report_with_its_key_in_the_body_is_answered_as_promised_and_a_bad_one_is_refused_by_its_field()
    {
        using var tenant = await empire.NewTenantAsync("gpu reports");
        var key = tenant.DefaultRequestHeaders.Authorization!.Parameter!;
        using var agent = new HttpClient { BaseAddress = empire.Gateway };
        var busy = await ReportAsync(agent, key, new { gpu_index = 0, gpu_name = "Tesla V100", gpu_util = 85.5, mem_used = 12000, mem_total = 16000, cost_per_hour = 3.06 });
        Assert.Equal(("success", 1, "0.0", "0.0", "enterprise"), (busy.GetProperty("status").GetString(), busy.GetProperty("gpus_monitored").GetInt32(), busy.GetProperty("potential_hourly_savings").GetRawText(),
            busy.GetProperty("monthly_projection").GetRawText(), busy.GetProperty("tier").GetString()));
        // Without a cost the price book has one: of its own provider, or none with a note.
        Assert.Equal((3.06m, 2203.20m), Savings(await ReportAsync(agent, key, Idle(1, "Tesla V100", "aws"))));
        Assert.Equal((2.48m, 1785.60m), Savings(await ReportAsync(agent, key, Idle(2, "Tesla V100", "gcp"))));
        Assert.Equal((0m, 0m), Savings(await ReportAsync(agent, key, Idle(3, "Radeon VII", "aws"))));

        using var refused = await agent.PostAsJsonAsync("/api/track-usage", new { api_key = key, gpu_data = new object[] { Idle(4, "Tesla V100", "aws"), new { gpu_index = 5, gpu_name = "Tesla V100", gpu_util = 101, mem_used = 1, mem_total = 2 } } }, ct);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("gpu_data[1].gpu_util", (await refused.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("errors").EnumerateObject().Single().Name);
        using var stranger = await agent.PostAsJsonAsync("/api/track-usage", new { api_key = "gopt_000000000000000000000000", gpu_data = Array.Empty<object>() }, ct);
        Assert.Equal((HttpStatusCode.Unauthorized, "INVALID_API_KEY"), (stranger.StatusCode, (await stranger.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("code").GetString()));

        await Eventually.EqualAsync(4, async () => (await tenant.GetJsonAsync("/api/gpu/current")).GetProperty("gpus_monitored").GetInt32()); // of the refused batch nothing
        var now = await tenant.GetJsonAsync("/api/gpu/current");
        Assert.Equal((8.60m, 5.54m), (now.GetProperty("hourly_cost").GetDecimal(), now.GetProperty("potential_hourly_savings").GetDecimal()));
        Assert.Contains("No price is known for Radeon VII", now.GetProperty("gpus")[3].GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty((await tenant.GetJsonAsync("/api/gpu/history")).GetProperty("points").EnumerateArray());
        using var other = await empire.NewTenantAsync("other gpus");
        Assert.Equal(0, (await other.GetJsonAsync("/api/gpu/current")).GetProperty("gpus_monitored").GetInt32());
    }

    [Fact]
    public async Task A_stream_is_acknowledged_ends_with_its_key_and_what_was_not_answered_is_stored_once()
    {
        using var tenant = await empire.NewTenantAsync("gpu stream");
        var (keyId, key) = await NewKeyAsync(tenant);
        await TakenInAsync();
        using var channel = GrpcChannel.ForAddress(empire.GatewayGrpc);
        var client = new Ingest.IngestClient(channel);
        var (agent, start) = (Guid.CreateVersion7(), TimeProvider.System.GetUtcNow().AddHours(-4));
        using var stream = client.Stream(Headers(key), cancellationToken: ct);
        for (var i = 0; i < 10; i++) Assert.Equal(100u, (await SendAsync(stream, Batch(agent, (ulong)i + 1, start.AddSeconds(i * 1000), 100))).Stored.Count);

        // The eleventh is on its way, and nobody waits for its answer: the key is gone.
        var unanswered = Batch(agent, 11, start.AddSeconds(10_000), 100);
        await stream.RequestStream.WriteAsync(unanswered, ct);
        using var revoked = await tenant.DeleteAsync($"/api/v1/identity/keys/{keyId}", ct);
        revoked.EnsureSuccessStatusCode();
        var status = await EndAsync(stream).WaitAsync(TimeSpan.FromSeconds(10), ct);
        Assert.Equal(StatusCode.Unauthenticated, status);
        using var late = client.Stream(Headers(key), cancellationToken: ct);
        Assert.Equal(StatusCode.Unauthenticated, await EndAsync(late));

        var (_, another) = await NewKeyAsync(tenant);
        using var again = client.Stream(Headers(another), cancellationToken: ct);
        var highest = (await SendAsync(again, new() { AgentId = agent.ToString() })).HighestSequence;
        Assert.InRange(highest, 10UL, 11UL);
        Assert.Equal((100u, highest == 11), ((await SendAsync(again, unanswered)) is { Stored: { } stored } ? (stored.Count, stored.Repeated) : default));
        await again.RequestStream.CompleteAsync();
        await Eventually.EqualAsync(1_100L, async () => (await tenant.GetJsonAsync($"/api/v1/telemetry/history?from={start.AddHours(-1):yyyy-MM-ddTHH:mm:ssZ}&to={start.AddHours(6):yyyy-MM-ddTHH:mm:ssZ}&step=1h"))
            .GetProperty("points").EnumerateArray().Sum(point => point.GetProperty("samples").GetInt64()));
    }

    [Fact]
    public async Task What_a_gpu_cost_for_a_piece_is_in_its_costs_and_its_profit()
    {
        using var tenant = await empire.NewTenantAsync("gpu pieces");
        await TakenInAsync();
        var piece = Guid.CreateVersion7();
        var start = TimeProvider.System.GetUtcNow().AddHours(-2);
        using var channel = GrpcChannel.ForAddress(empire.GatewayGrpc);
        using var stream = new Ingest.IngestClient(channel).Stream(Headers(tenant.DefaultRequestHeaders.Authorization!.Parameter!), cancellationToken: ct);
        var batch = Batch(Guid.CreateVersion7(), 1, start, 360); // an hour
        foreach (var sample in batch.Samples) (sample.JobId, sample.Power) = ($"piece_{piece:N}", 300);
        Assert.Equal(360u, (await SendAsync(stream, batch)).Stored.Count);
        await stream.RequestStream.CompleteAsync();

        await Eventually.EqualAsync((3.06m, 1_080_000L), async () =>
        {
            var costs = (await tenant.GetAllAsync("/api/v1/analytics/costs")).Where(cost => cost.GetProperty("category").GetString() == "gpu" && cost.GetProperty("piece_id").GetGuid() == piece).ToArray();
            return (costs.Sum(cost => cost.GetProperty("amount").GetDecimal()), costs.Sum(cost => cost.GetProperty("energy_joules").GetInt64()));
        });
        await Eventually.EqualAsync(-3.06m, async () => (await tenant.GetJsonAsync("/api/v1/ledger/profit?by=piece")).GetProperty("currencies").EnumerateArray().SelectMany(currency => currency.GetProperty("rows").EnumerateArray())
            .Where(row => row.GetProperty("key").GetString() == piece.ToString()).Sum(row => row.GetProperty("profit").GetDecimal()));
        var job = await tenant.GetJsonAsync($"/api/v1/telemetry/jobs/piece_{piece:N}");
        Assert.Equal((3.06m, 0.3m), (job.GetProperty("total").GetProperty("cost").GetDecimal(), job.GetProperty("total").GetProperty("energy_kwh").GetDecimal()));
    }

    [Fact]
    public async Task The_platforms_figures_are_for_everyone_with_a_key_and_its_inner_ones_for_the_operator()
    {
        var before = (await empire.OwnerClient.GetJsonAsync($"/api/stats?{Guid.CreateVersion7()}")).GetProperty("customers").GetInt32();
        using var tenant = await empire.NewTenantAsync("counted");
        var asked = 0; // each question is another to the gateway's cache
        await Eventually.TrueAsync(async () => (await tenant.GetJsonAsync($"/api/stats?{asked++}")) is var stats && stats.GetProperty("customers").GetInt32() > before
            && stats.GetProperty("customers_by_tier").GetProperty("enterprise").GetInt32() > 0 && stats.GetProperty("monthly_recurring_revenue").GetDecimal() >= 199m);
        foreach (var path in (string[])["/admin/stats", "/admin/analytics"])
        {
            using var refused = await tenant.GetAsync(path, ct);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Equal("success", (await empire.OwnerClient.GetJsonAsync(path)).GetProperty("status").GetString());
        }
    }

    private static object Idle(int index, string name, string provider) => new { gpu_index = index, gpu_name = name, gpu_util = 0, mem_used = 1, mem_total = 16000, provider };

    /// <summary>Other tests have killed servers; what was connected to them finds out at its first use, and an agent is told to come again.</summary>
    private async Task TakenInAsync()
    {
        await empire.HealthyAsync();
        using var tenant = await empire.NewTenantAsync("first gpu");
        var key = tenant.DefaultRequestHeaders.Authorization!.Parameter!;
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await tenant.PostAsJsonAsync("/api/track-usage", new { api_key = key, gpu_data = new[] { Idle(7, "Tesla V100", "aws") } }, ct);
            return answer.IsSuccessStatusCode;
        });
    }

    private static (decimal, decimal) Savings(JsonElement answer) => (answer.GetProperty("potential_hourly_savings").GetDecimal(), answer.GetProperty("monthly_projection").GetDecimal());

    private async Task<JsonElement> ReportAsync(HttpClient agent, string key, object sample)
    {
        using var response = await agent.PostAsJsonAsync("/api/track-usage", new { api_key = key, gpu_data = new[] { sample } }, ct);
        var body = await response.Content.ReadAsStringAsync(ct);
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    private static async Task<(string Id, string Key)> NewKeyAsync(HttpClient tenant)
    {
        var made = await tenant.PostJsonAsync("/api/v1/identity/keys", JsonContent.Create(new { name = "agent" }));
        return (made.GetProperty("id").GetString()!, made.GetProperty("api_key").GetString()!);
    }

    private static Metadata Headers(string key) => new() { { "authorization", $"Bearer {key}" } };

    private static SampleBatch Batch(Guid agent, ulong sequence, DateTimeOffset from, int samples)
    {
        var batch = new SampleBatch { AgentId = agent.ToString(), Sequence = sequence, Host = new() { Hostname = "e2e", Provider = "aws", Region = "us-east-1", IntervalSeconds = 10 } };
        for (var i = 0; i < samples; i++)
            batch.Samples.Add(new Sample { ObservedAtMs = from.AddSeconds(i * 10).ToUnixTimeMilliseconds(), GpuIndex = 0, GpuUuid = "GPU-e2e", GpuName = "Tesla V100", GpuUtil = 90, MemUsed = 1_000, MemTotal = 16_384 });
        return batch;
    }

    private async Task<BatchReply> SendAsync(AsyncDuplexStreamingCall<SampleBatch, BatchReply> stream, SampleBatch batch)
    {
        await stream.RequestStream.WriteAsync(batch, ct);
        Assert.True(await stream.ResponseStream.MoveNext(ct));
        return stream.ResponseStream.Current;
    }

    /// <summary>How the stream ends, after whatever it still answers.</summary>
    private async Task<StatusCode> EndAsync(AsyncDuplexStreamingCall<SampleBatch, BatchReply> stream)
    {
        try
        {
            while (await stream.ResponseStream.MoveNext(ct)) { }
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }
}
