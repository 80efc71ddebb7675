using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Telemetry.Tests.Ingest;

public sealed class TrackUsageTests(TelemetryApp app) : IClassFixture<TelemetryApp>
{
    [Fact]
    public async Task The_printed_example_gets_the_printed_answer()
    {
        using var client = app.CreateDefaultClient();
        client.DefaultRequestHeaders.Add(CallerToken.Header, app.Services.GetRequiredService<CallerToken>().Sign(new(app.Tenant, "key:test", "owner", Tier: "professional")));
        using var response = await client.PostAsJsonAsync("/api/track-usage", new
        {
            api_key = "gopt_your_api_key", gpu_data = new[] { new { gpu_index = 0, gpu_name = "Tesla V100", gpu_util = 85.5, mem_used = 12000, mem_total = 16000, cost_per_hour = 3.06 } },
        });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"status":"success","gpus_monitored":1,"potential_hourly_savings":0.0,"monthly_projection":0.0,"tier":"professional"}""", Compact(await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task An_idle_gpu_wastes_all_it_costs_and_the_price_book_knows_what_that_is()
    {
        using var client = app.OwnerClient();
        var idle = await AnswerAsync(client, Gpu(util: 0, cost: 3.06m));
        Assert.Equal((3.06m, 2203.20m), (idle.GetProperty("potential_hourly_savings").GetDecimal(), idle.GetProperty("monthly_projection").GetDecimal()));

        Assert.Equal(3.06m, (await AnswerAsync(app.ClientFor(NewTenant()), Gpu(util: 0, provider: "aws"))).GetProperty("potential_hourly_savings").GetDecimal());
        Assert.Equal(2.48m, (await AnswerAsync(app.ClientFor(NewTenant()), Gpu(util: 0, provider: "gcp"))).GetProperty("potential_hourly_savings").GetDecimal());

        var unknown = NewTenant();
        Assert.Equal(0m, (await AnswerAsync(app.ClientFor(unknown), Gpu(util: 0, provider: "aws", name: "Radeon VII"))).GetProperty("potential_hourly_savings").GetDecimal());
        await app.SettledAsync();
        var gpu = (await app.ClientFor(unknown).GetFromJsonAsync<JsonElement>("/api/gpu/current")).GetProperty("gpus")[0];
        Assert.Equal((0m, "No price is known for Radeon VII at aws; send cost_per_hour."), (gpu.GetProperty("cost_per_hour").GetDecimal(), gpu.GetProperty("note").GetString()));
    }

    [Fact]
    public async Task Who_told_its_host_once_is_told_its_savings_ever_after()
    {
        using var client = app.ClientFor(NewTenant());
        await AnswerAsync(client, Gpu(util: 0, provider: "aws"));
        Assert.Equal(3.06m, (await AnswerAsync(client, Gpu(util: 0))).GetProperty("potential_hourly_savings").GetDecimal());
    }

    [Theory]
    [InlineData("""{"gpu_index":0,"gpu_name":"V100","gpu_util":101,"mem_used":1,"mem_total":2}""", "gpu_data[1].gpu_util")]
    [InlineData("""{"gpu_index":-1,"gpu_name":"V100","gpu_util":1,"mem_used":1,"mem_total":2}""", "gpu_data[1].gpu_index")]
    [InlineData("""{"gpu_index":0,"gpu_name":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","gpu_util":1,"mem_used":1,"mem_total":2}""", "gpu_data[1].gpu_name")]
    [InlineData("""{"gpu_index":0,"gpu_name":"V100","gpu_util":1,"mem_used":1}""", "gpu_data[1].mem_total")]
    [InlineData("""{"gpu_index":0,"gpu_name":"V100","gpu_util":1,"mem_used":3,"mem_total":2}""", "gpu_data[1].mem_used")]
    [InlineData("""{"gpu_index":0,"gpu_name":"V100","gpu_util":1,"mem_used":1,"mem_total":2,"cost_per_hour":-1}""", "gpu_data[1].cost_per_hour")]
    [InlineData("""{"gpu_index":0,"gpu_name":"V100","gpu_util":1,"mem_used":1,"mem_total":2,"span_ms":0}""", "gpu_data[1].span_ms")]
    [InlineData("""{"gpu_index":0,"gpu_name":"V100","gpu_util":1,"mem_used":1,"mem_total":2,"span_ms":14400001}""", "gpu_data[1].span_ms")]
    public async Task One_bad_sample_refuses_the_batch_and_names_the_field(string bad, string field)
    {
        var tenant = NewTenant();
        using var client = app.ClientFor(tenant);
        using var response = await client.PostAsync(new Uri("/api/track-usage", UriKind.Relative),
            new StringContent($$"""{"gpu_data":[{"gpu_index":0,"gpu_name":"V100","gpu_util":1,"mem_used":1,"mem_total":2},{{bad}}]}""", System.Text.Encoding.UTF8, "application/json"));
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("VALIDATION_ERROR", problem.GetProperty("code").GetString());
        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        Assert.Equal(0, await app.SeeAsync<long>("select count(*) from samples where tenant_id = @tenant", new { tenant = tenant.Value }));
    }

    [Fact]
    public async Task Without_gpu_data_the_field_is_named()
    {
        using var response = await app.OwnerClient().PostAsJsonAsync("/api/track-usage", new { api_key = "gopt_x" });
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty("gpu_data", out _));
    }

    [Fact]
    public async Task Two_and_a_half_thousand_samples_are_three_writes_and_as_many_rows()
    {
        var tenant = NewTenant();
        await AnswerAsync(app.ClientFor(tenant), Enumerable.Range(0, 2_500).Select(i => Gpu(util: i % 100, cost: 1, index: i % 8)[0]).ToArray());
        Assert.Equal([1_000, 1_000, 500], await app.RowsAsync<int>("select samples from intake where tenant_id = @tenant order by id", new { tenant = tenant.Value }));
        Assert.Equal(2_500, await app.SeeAsync<long>("select count(*) from gpu_usage_logs where tenant_id = @tenant", new { tenant = tenant.Value }));
        Assert.Equal(Enumerable.Range(0, 2_500).Sum(i => i % 100 < 30 ? 1 - i % 100 / 100m : 0),
            await app.SeeAsync<decimal>("select sum(potential_savings) from gpu_usage_logs where tenant_id = @tenant", new { tenant = tenant.Value }));
    }

    [Fact]
    public async Task A_numbered_batch_sent_twice_is_stored_once()
    {
        var tenant = NewTenant();
        var body = new { agent_id = Guid.CreateVersion7(), sequence = 7, gpu_data = Gpu(util: 50, cost: 1) };
        foreach (var _ in Enumerable.Range(0, 2))
        {
            using var response = await app.ClientFor(tenant).PostAsJsonAsync("/api/track-usage", body);
            Assert.Equal((HttpStatusCode.OK, 7UL), (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("highest_sequence").GetUInt64()));
        }
        Assert.Equal(1, await app.SeeAsync<long>("select count(*) from samples where tenant_id = @tenant", new { tenant = tenant.Value }));
    }

    [Fact]
    public async Task A_refused_report_spends_no_number_so_that_its_good_part_can_follow_under_a_lower_one()
    {
        var tenant = NewTenant();
        using var client = app.ClientFor(tenant);
        var agent = Guid.CreateVersion7();
        using var refused = await client.PostAsJsonAsync("/api/track-usage", new { agent_id = agent, sequence = 8, gpu_data = (object[])[.. Gpu(util: 50), .. Gpu(util: 101)] });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using var half = await client.PostAsJsonAsync("/api/track-usage", new { agent_id = agent, sequence = 4, gpu_data = Gpu(util: 50) });
        Assert.Equal((HttpStatusCode.OK, 4UL), (half.StatusCode, (await half.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("highest_sequence").GetUInt64()));
        Assert.Equal(1, await app.SeeAsync<long>("select count(*) from samples where tenant_id = @tenant", new { tenant = tenant.Value }));
    }

    private static TenantId NewTenant() => TenantId.New(TimeProvider.System.GetUtcNow());

    private static Dictionary<string, object>[] Gpu(double util, decimal? cost = null, string? provider = null, string name = "Tesla V100", int index = 0)
    {
        var gpu = new Dictionary<string, object> { ["gpu_index"] = index, ["gpu_name"] = name, ["gpu_util"] = util, ["mem_used"] = 12000, ["mem_total"] = 16000 };
        if (cost is { } given) gpu["cost_per_hour"] = given;
        if (provider is not null) gpu["provider"] = provider;
        return [gpu];
    }

    private static async Task<JsonElement> AnswerAsync(HttpClient client, object data)
    {
        using var response = await client.PostAsJsonAsync("/api/track-usage", new { gpu_data = data });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static string Compact(string json) => json.Replace(",\"sequence\":null,\"highest_sequence\":null", "", StringComparison.Ordinal);
}
