using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Empire.Telemetry.RemoteWrite;
using Empire.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Empire.Telemetry.Tests.RemoteWrite;

/// <summary>Telemetry that sends its samples on to a real victoria-metrics, through a door at which a test may turn requests away as a cluster in trouble does.</summary>
public sealed class ForwardingApp : TelemetryApp
{
    private readonly HttpClient http = new();
    private WebApplication? door;
    private string address = "";

    public OwnVictoriaMetrics Cluster { get; } = new();

    /// <summary>The next answers instead of the cluster's own.</summary>
    public ConcurrentQueue<int> Instead { get; } = new();

    /// <summary>Said before <see cref="Instead"/>, to whatever a request carries.</summary>
    public Func<HttpRequest, int?> Refuse { get; set; } = _ => null;

    public ConcurrentQueue<int> Answers { get; } = new();

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        .. base.Settings, new("RemoteWrite:Url", $"{address}/api/v1/write"), new("RemoteWrite:FirstPause", "00:00:00.010"), new("RemoteWrite:LongestPause", "00:00:00.050"),
        new("RemoteWrite:LookEvery", "00:00:00.020"), new("RemoteWrite:BearerToken", "cluster-token"), new("RemoteWrite:OrgId", "empire"),
    ];

    public override async ValueTask InitializeAsync()
    {
        await Cluster.StartAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        door = builder.Build();
        door.MapPost("/api/v1/write", (Delegate)PassAsync);
        await door.StartAsync();
        address = door.Urls.First();
        await base.InitializeAsync();
    }

    public Task SentAsync() => Eventually.EqualAsync(0L, () => SeeAsync<long>("select count(*) from forwards where refused_at is null"));

    /// <summary>What the cluster has of an account: by metric and GPU, the values in the order of their times.</summary>
    public async Task<Dictionary<(string Metric, string Gpu), (long At, double Value)[]>> KeptAsync(TenantId tenant)
    {
        var lines = (await Cluster.ExportAsync($$"""{empire_tenant="{{tenant.Value}}"}""")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement);
        return lines.GroupBy(line => (line.GetProperty("metric").GetProperty("__name__").GetString()!, line.GetProperty("metric").GetProperty("gpu").GetString()!)).ToDictionary(series => series.Key,
            series => series.SelectMany(line => line.GetProperty("timestamps").EnumerateArray().Zip(line.GetProperty("values").EnumerateArray(), (at, value) => (at.GetInt64(), value.GetDouble()))).Order().ToArray());
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (door is not null) await door.DisposeAsync();
        http.Dispose();
        await Cluster.DisposeAsync();
    }

    private async Task PassAsync(HttpContext context)
    {
        var status = Refuse(context.Request) ?? (Instead.TryDequeue(out var instead) ? instead : await ForwardAsync(context.Request));
        Answers.Enqueue(status);
        context.Response.StatusCode = status;
        if (status != 204) await context.Response.WriteAsync($"answered {status}");
    }

    private async Task<int> ForwardAsync(HttpRequest request)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(Cluster.Address, "api/v1/write")) { Content = new StreamContent(request.Body) };
        message.Content.Headers.Add("Content-Encoding", request.Headers.ContentEncoding.ToString());
        message.Content.Headers.Add("Content-Type", request.Headers.ContentType.ToString());
        try
        {
            using var answer = await http.SendAsync(message);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException) { return 502; }
    }
}

public sealed class RemoteWriterTests(ForwardingApp app) : IClassFixture<ForwardingApp>
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().AddHours(-2).ToUnixTimeSeconds());

    [Fact]
    public async Task The_cluster_has_every_sample_as_it_was_sent_under_its_account()
    {
        var (host, tenant, other) = (new Host("remote-host", gpus: 2), NewTenant(), NewTenant());
        var batch = host.Batch(Start, 300, (gpu, n) => gpu * 50 + n % 40 + 0.25, (sample, gpu, n) =>
        {
            if (n % 3 == 0) sample.ClearTemperature();
            if (n >= 150) sample.JobId = "job-7";
            sample.Energy = (ulong)(5_000 + n * 7);
            sample.MemUsed = n;
        });
        await app.StoreAsync([batch], tenant);
        await app.StoreAsync([new Host().Batch(Start, 3, (_, _) => 9)], other);
        await app.SettledAsync();
        await app.SentAsync();
        var kept = await app.KeptAsync(tenant);
        foreach (var gpu in (int[])[0, 1])
        {
            var sent = batch.Samples.Where(sample => sample.GpuIndex == gpu).ToArray();
            Assert.Equal(sent.Select(sample => (sample.ObservedAtMs, (double)sample.GpuUtil)), kept[("DCGM_FI_DEV_GPU_UTIL", $"{gpu}")]);
            Assert.Equal(sent.Select(sample => (sample.ObservedAtMs, (double)sample.MemUsed)), kept[("DCGM_FI_DEV_FB_USED", $"{gpu}")]);
            Assert.Equal(sent.Select(sample => (sample.ObservedAtMs, (double)(sample.MemTotal - sample.MemUsed))), kept[("DCGM_FI_DEV_FB_FREE", $"{gpu}")]);
            Assert.Equal(sent.Where(sample => sample.HasTemperature).Select(sample => (sample.ObservedAtMs, (double)sample.Temperature)), kept[("DCGM_FI_DEV_GPU_TEMP", $"{gpu}")]);
            Assert.Equal(sent.Select(sample => (sample.ObservedAtMs, 200.5)), kept[("DCGM_FI_DEV_POWER_USAGE", $"{gpu}")]);
            Assert.Equal(sent.Select(sample => (sample.ObservedAtMs, sample.Energy * 1000.0)), kept[("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", $"{gpu}")]);
            Assert.Equal(sent.Select(sample => (sample.ObservedAtMs, 3.06)), kept[("empire_gpu_cost_usd_per_hour", $"{gpu}")]);
        }
        var labels = (await app.Cluster.ExportAsync($$"""{__name__="DCGM_FI_DEV_GPU_UTIL",empire_tenant="{{tenant.Value}}",gpu="1",job_id="job-7"}""")).Split('\n')[0];
        foreach (var label in (string[])["\"Hostname\":\"remote-host\"", "\"UUID\":\"GPU-1\"", "\"modelName\":\"Tesla V100\"", "\"device\":\"nvidia1\"", $"\"agent_id\":\"{host.Id}\""]) Assert.Contains(label, labels, StringComparison.Ordinal);
        Assert.Equal(3, (await app.KeptAsync(other))[("DCGM_FI_DEV_GPU_UTIL", "0")].Length);
        Assert.Equal(600, await app.SeeAsync<long>("select count(*) from samples where tenant_id = @id", new { id = tenant.Value })); // and they are still here
    }

    [Fact]
    public async Task A_cluster_that_is_away_or_asks_for_patience_gets_everything_when_it_is_back()
    {
        var (host, tenant) = (new Host(), NewTenant());
        await app.StoreAsync([host.Batch(Start, 10, (_, n) => n)], tenant);
        await app.SettledAsync();
        await app.SentAsync();
        await app.Cluster.StopAsync();
        app.Answers.Clear();
        for (var i = 1; i < 6; i++) await app.StoreAsync([host.Batch(Start.AddMinutes(i * 2), 10, (_, n) => i * 10 + n)], tenant);
        await app.SettledAsync();
        await Eventually.TrueAsync(() => app.Answers.Count(status => status == 502) > 2);
        Assert.Equal(50, await app.SeeAsync<long>("select sum(samples) from forwards where tenant_id = @id", new { id = tenant.Value }));
        foreach (var status in (int[])[429, 500, 503, 401]) app.Instead.Enqueue(status);
        await app.Cluster.StartAsync();
        await app.SentAsync();
        Assert.Empty(app.Instead);
        Assert.Equal(Enumerable.Range(0, 60).Select(n => (double)n), (await app.KeptAsync(tenant))[("DCGM_FI_DEV_GPU_UTIL", "0")].Select(sample => sample.Value));
        Assert.Equal(0, await app.SeeAsync<long>("select count(*) from forwards where refused_at is not null and tenant_id = @id", new { id = tenant.Value }));
    }

    [Fact]
    public async Task What_the_cluster_refuses_is_set_aside_with_its_reason_and_does_not_hold_up_the_rest()
    {
        var (host, tenant, longest) = (new Host(), NewTenant(), 0L);
        // As a cluster with a limit on the size of requests: two rows together are too many, and the larger one alone is too.
        app.Refuse = request => request.ContentLength > longest && longest > 0 ? 413 : null;
        app.Instead.Enqueue(503); // so that both wait
        await app.StoreAsync([host.Batch(Start, 400, (_, n) => n % 90, (sample, _, n) => sample.Energy = (ulong)(n * n * 31))], tenant);
        await app.SettledAsync();
        await app.SentAsync();
        longest = 800;
        await app.StoreAsync([host.Batch(Start.AddHours(1.2), 200, (_, n) => n % 90, (sample, _, n) => sample.Energy = (ulong)(n * n * 31))], tenant);
        await app.SettledAsync();
        await app.SentAsync();
        longest = 0;
        await app.StoreAsync([host.Batch(Start.AddHours(1.9), 5, (_, n) => n)], tenant);
        await app.SettledAsync();
        await app.SentAsync();
        Assert.Equal(405, (await app.KeptAsync(tenant))[("DCGM_FI_DEV_GPU_UTIL", "0")].Length);
        Assert.Equal("200 413 answered 413", await app.SeeAsync<string>("select samples || ' ' || refusal from forwards where refused_at is not null and tenant_id = @id", new { id = tenant.Value }));
    }

    [Fact]
    public async Task Of_rows_that_were_refused_together_only_the_bad_one_is_set_aside()
    {
        var (good, bad) = (NewTenant(), NewTenant());
        var writer = app.Services.GetRequiredService<RemoteWriter>();
        app.Refuse = _ => 503;
        await app.StoreAsync([new Host().Batch(Start, 5, (_, n) => n)], good);
        await app.StoreAsync([new Host().Batch(Start, 300, (_, n) => n % 77, (sample, _, n) => sample.Energy = (ulong)(n * n * 17))], bad);
        await app.StoreAsync([new Host().Batch(Start, 6, (_, n) => n)], good);
        await app.SettledAsync();
        app.Refuse = request => request.ContentLength > 900 ? 400 : null;
        await app.SentAsync();
        app.Refuse = _ => null;
        Assert.Equal("300", await app.SeeAsync<string>("select string_agg(samples::text, ' ') from forwards where refused_at is not null and tenant_id = any(@ids)", new { ids = new[] { good.Value, bad.Value } }));
        Assert.Equal(11, (await app.KeptAsync(good))[("DCGM_FI_DEV_GPU_UTIL", "0")].Length);
        Assert.Equal((false, null), await writer.SendOldestAsync(CancellationToken.None)); // nothing is left to send
    }

    private static TenantId NewTenant() => TenantId.New(TimeProvider.System.GetUtcNow());
}
