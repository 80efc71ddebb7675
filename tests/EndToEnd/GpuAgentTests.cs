using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Empire.Contracts;
using Empire.Contracts.V1;
using Empire.Testing;
using Grpc.Core;
using Grpc.Net.Client;

namespace Empire.EndToEnd.Tests;

/// <summary>The agent itself, as a GPU host gets it and runs it, before the door of the running installation.</summary>
[Collection(InstallationCollection.Name)]
public sealed class GpuAgentTests(Installation empire)
{
    private const int NoRuntime = 3; // of ./empire agent
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_program_is_downloaded_is_what_its_checksum_says_and_runs_against_the_installation_by_hand_and_by_the_script()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64) Assert.Skip("The program is made for linux-x64 first.");
        var (code, said) = await empire.TryAsync("agent");
        if (code == NoRuntime) Assert.Skip($"The package feed has no runtime to make the program with: {said}");
        Assert.True(code == 0, said);
        Assert.Empty(TrimmedProgram.LocksWithoutEnd(Path.Combine(Script.Root, "agents", "gpu", "bin", "publishing", "obj", "GpuAgent", "release_linux-x64", "linked")));
        using var visitor = Person.Browser(empire);
        using var host = new GpuHost();
        var program = host.File("empire-gpu-agent");
        var bytes = await visitor.GetByteArrayAsync("/static/empire-gpu-agent-linux-x64", ct);
        Assert.StartsWith(Convert.ToHexStringLower(SHA256.HashData(bytes)), await visitor.GetStringAsync("/static/empire-gpu-agent-linux-x64.sha256", ct), StringComparison.Ordinal);
        await File.WriteAllBytesAsync(program, bytes, ct);
        using (var chmod = Process.Start("chmod", ["755", program])) await chmod.WaitForExitAsync(ct);

        Assert.StartsWith("empire-gpu-agent ", (await host.RunAsync(program, ["--version"])).Printed, StringComparison.Ordinal);
        Assert.Equal(2, JsonDocument.Parse((await host.RunAsync(program, ["--once", "--simulate", "2"])).Printed).RootElement.GetProperty("gpu_data").GetArrayLength());
        using var tenant = await empire.NewTenantAsync("downloads the agent");
        var key = ("API_KEY", tenant.DefaultRequestHeaders.Authorization!.Parameter!);
        var server = ("SERVER_URL", empire.Gateway.ToString());
        string[] check = ["--check", "--simulate", "2", "--spool", host.File("checked")];
        foreach (var (way, settings) in (((string, string)[])[("GRPC_URL", empire.GatewayGrpc.ToString()), ("INTERVAL", "10")]).Select(setting => (setting.Item1, (((string, string)[])[key, server, setting]))))
        {
            var checkedBy = await host.RunAsync(program, check, settings);
            Assert.True(checkedBy.Code == 0, checkedBy.Printed + checkedBy.Said);
            Assert.Contains("pass  key       accepted", checkedBy.Printed, StringComparison.Ordinal);
            Assert.Contains(way == "GRPC_URL" ? "answers gRPC" : "answers HTTP", checkedBy.Printed, StringComparison.Ordinal);
        }
        var stranger = await host.RunAsync(program, check, ("API_KEY", "gopt_000000000000000000000000"), server, ("GRPC_URL", empire.GatewayGrpc.ToString()));
        Assert.Equal(1, stranger.Code);
        Assert.Contains("FAIL  key       not accepted", stranger.Printed, StringComparison.Ordinal);

        await File.WriteAllTextAsync(host.File("install-agent.sh"), await visitor.GetStringAsync("/static/install-agent.sh", ct), ct);
        Directory.CreateDirectory(host.File("image"));
        var installed = await host.RunAsync("sh", [host.File("install-agent.sh"), "--root", host.File("image")], key, server, ("LABELS", "team=vision"));
        Assert.True(installed.Code == 0, installed.Said);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(host.File("image/opt/empire-gpu-agent/empire-gpu-agent"), ct));
        Assert.Contains($"GPU_OPTIMIZER_API_KEY={key.Item2}\n", await File.ReadAllTextAsync(host.File("image/etc/empire-gpu-agent.env"), ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_agents_send_by_grpc_and_by_http_is_in_every_view_of_their_account_and_in_none_of_another()
    {
        await empire.HealthyAsync();
        using var tenant = await empire.NewTenantAsync("runs agents");
        using var other = await empire.NewTenantAsync("runs no agents");
        using var streaming = new GpuHost();
        using var reporting = new GpuHost();
        var job = $"night-{Guid.CreateVersion7():N}";
        (string, string)[] settings = [("API_KEY", tenant.DefaultRequestHeaders.Authorization!.Parameter!), ("SERVER_URL", empire.Gateway.ToString()), ("COST_PER_HOUR", "3.06"), ("JOB_ID", job)];
        // The HTTP port speaks no HTTP/2 without TLS: an agent that is told no other address finds the way by HTTP itself.
        var (byHttp, httpLog) = reporting.Start(["--simulate", "2", "--interval", "1", "--seed", "2"], [.. settings, ("LABELS", "team=http")]);
        var (byGrpc, grpcLog) = streaming.Start(["--simulate", "3", "--interval", "1"], [.. settings, ("GRPC_URL", empire.GatewayGrpc.ToString()), ("LABELS", "team=grpc")]);
        await SeenAsync(async () => (await tenant.GetJsonAsync("/api/gpu/current")).GetProperty("gpus_monitored").GetInt32() == 5);
        await SeenAsync(async () => (await tenant.GetJsonAsync($"/api/v1/telemetry/jobs/{job}")).GetProperty("gpus").GetArrayLength() == 5);

        var now = await tenant.GetJsonAsync("/api/v1/telemetry/current");
        var gpus = now.GetProperty("gpus").EnumerateArray().ToArray();
        Assert.All(gpus, gpu => Assert.Equal(("Simulated H100 80GB", 3.06m, job), (gpu.GetProperty("gpu_name").GetString(), gpu.GetProperty("cost_per_hour").GetDecimal(), gpu.GetProperty("job_id").GetString())));
        Assert.Equal(15.30m, now.GetProperty("hourly_cost").GetDecimal());
        // The first of simulated GPUs begins idle, and idle is waste to the last cent.
        Assert.Contains(gpus, gpu => gpu.GetProperty("gpu_util").GetDecimal() == 0 && gpu.GetProperty("potential_savings").GetDecimal() == 3.06m);
        Assert.Contains(gpus, gpu => gpu.GetProperty("gpu_util").GetDecimal() >= 55 && gpu.GetProperty("potential_savings").GetDecimal() == 0);
        var agents = (await tenant.GetJsonAsync("/api/v1/telemetry/fleet")).GetProperty("agents").EnumerateArray().OrderBy(agent => agent.GetProperty("gpus").GetInt32()).ToArray();
        Assert.Equal([(2, "http", 1), (3, "grpc", 1)], agents.Select(agent => (agent.GetProperty("gpus").GetInt32(), agent.GetProperty("labels").GetProperty("team").GetString(), agent.GetProperty("interval_seconds").GetInt32())));
        var metrics = (await tenant.GetStringAsync("/api/v1/telemetry/metrics", ct)).Split('\n');
        Assert.Equal(5, metrics.Count(line => line.StartsWith("DCGM_FI_DEV_GPU_UTIL{", StringComparison.Ordinal) && line.Contains($"job_id=\"{job}\"", StringComparison.Ordinal)));
        Assert.Empty((await tenant.GetJsonAsync("/api/v1/telemetry/recommendations")).GetProperty("recommendations").EnumerateArray()); // nobody is advised after a minute

        Assert.Equal(0, await GpuHost.TerminateAsync(byHttp));
        Assert.Equal(0, await GpuHost.TerminateAsync(byGrpc));
        Assert.Contains("reporting over HTTP", httpLog(), StringComparison.Ordinal);
        Assert.DoesNotContain("over HTTP", grpcLog(), StringComparison.Ordinal);
        Assert.NotEmpty((await tenant.GetJsonAsync("/api/gpu/history")).GetProperty("points").EnumerateArray());

        Assert.Equal(0, (await other.GetJsonAsync("/api/gpu/current")).GetProperty("gpus_monitored").GetInt32());
        Assert.Empty((await other.GetJsonAsync("/api/v1/telemetry/history")).GetProperty("points").EnumerateArray());
        Assert.Empty((await other.GetJsonAsync("/api/v1/telemetry/fleet")).GetProperty("agents").EnumerateArray());
        Assert.Empty((await other.GetJsonAsync("/api/v1/telemetry/jobs")).GetProperty("jobs").EnumerateArray());
        Assert.Equal("", await other.GetStringAsync("/api/v1/telemetry/metrics", ct));
        using var hidden = await other.GetAsync($"/api/v1/telemetry/jobs/{job}", ct);
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        using var theirs = await other.GetAsync($"/api/v1/telemetry/history?agent_id={agents[0].GetProperty("agent_id").GetString()}", ct);
        Assert.Empty(JsonSerializer.Deserialize<JsonElement>(await theirs.Content.ReadAsStringAsync(ct)).GetProperty("points").EnumerateArray());

        async Task SeenAsync(Func<Task<bool>> seen)
        {
            try
            {
                await Eventually.TrueAsync(seen);
            }
            catch (TimeoutException e)
            {
                throw new TimeoutException($"{e.Message}\n--- gRPC\n{grpcLog()}\n--- HTTP\n{httpLog()}", e);
            }
        }
    }

    [Fact]
    public async Task Agents_whose_gateway_is_killed_send_what_they_kept_once_and_in_order()
    {
        await empire.HealthyAsync();
        using var tenant = await empire.NewTenantAsync("loses its gateway");
        using var host = new GpuHost();
        (string, string)[] settings =
            [("API_KEY", tenant.DefaultRequestHeaders.Authorization!.Parameter!), ("SERVER_URL", empire.Gateway.ToString()), ("GRPC_URL", empire.GatewayGrpc.ToString()), ("COST_PER_HOUR", "3.06")];
        var (agent, log) = host.Start(["--simulate", "2", "--interval", "1"], settings);
        await Eventually.TrueAsync(async () => (await tenant.GetJsonAsync("/api/gpu/current")).GetProperty("gpus_monitored").GetInt32() == 2);
        await empire.KillAsync("gateway");
        await Eventually.TrueAsync(() => log().Contains("No stream to", StringComparison.Ordinal));
        var (kept, _) = await CountedAsync();
        await Eventually.TrueAsync(() => log().Contains("Connected to", StringComparison.Ordinal));
        await empire.HealthyAsync();
        await Eventually.TrueAsync(async () => (await CountedAsync()).Readings > kept + 3);
        Assert.Equal(0, await GpuHost.TerminateAsync(agent));
        await Eventually.TrueAsync(async () => await CountedAsync() is var (readings, samples) && samples == 2 * readings);

        // The energy of a simulated GPU counts its readings: 70 J and 300 J for each before this.
        async Task<(long Readings, long Samples)> CountedAsync()
        {
            var energy = (await tenant.GetStringAsync("/api/v1/telemetry/metrics", ct)).Split('\n').Single(line => line.StartsWith("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{gpu=\"0\"", StringComparison.Ordinal)).Split(' ')[^1];
            var history = (await tenant.GetJsonAsync("/api/v1/telemetry/history")).GetProperty("points").EnumerateArray();
            return ((long.Parse(energy, CultureInfo.InvariantCulture) / 1000 - 70) / 300 + 1, history.Sum(point => point.GetProperty("samples").GetInt64()));
        }
    }

    [Fact]
    public async Task A_host_that_idles_is_told_of_and_its_owner_is_advised_to_shut_it_down()
    {
        await empire.HealthyAsync();
        using var tenant = await empire.NewTenantAsync("idles");
        using var other = await empire.NewTenantAsync("has no gpu");
        await using var told = await empire.HearAsync<GpuIdleDetected>();
        var (agent, start) = (Guid.CreateVersion7(), TimeProvider.System.GetUtcNow().AddHours(-26));
        var batch = new SampleBatch { AgentId = agent.ToString(), Sequence = 1, Host = new() { Hostname = "idle-1", Provider = "aws", Region = "us-east-1", IntervalSeconds = 300 } };
        for (var i = 0; i <= 26 * 12; i++)
            batch.Samples.Add(new Sample { ObservedAtMs = start.AddMinutes(5 * i).ToUnixTimeMilliseconds(), GpuIndex = 0, GpuUuid = $"GPU-{agent}", GpuName = "Tesla V100", GpuUtil = 0, MemUsed = 1, MemTotal = 16_384 });
        using var channel = GrpcChannel.ForAddress(empire.GatewayGrpc);
        using var stream = new Ingest.IngestClient(channel).Stream(new Metadata { { "authorization", $"Bearer {tenant.DefaultRequestHeaders.Authorization!.Parameter}" } }, cancellationToken: ct);
        await stream.RequestStream.WriteAsync(batch, ct);
        Assert.True(await stream.ResponseStream.MoveNext(ct));
        Assert.Equal((uint)batch.Samples.Count, stream.ResponseStream.Current.Stored.Count);
        await stream.RequestStream.CompleteAsync();

        await Eventually.TrueAsync(async () => (await tenant.GetJsonAsync("/api/v1/telemetry/recommendations")).GetProperty("recommendations").GetArrayLength() == 1);
        var advice = (await tenant.GetJsonAsync("/api/v1/telemetry/recommendations")).GetProperty("recommendations")[0];
        Assert.Equal(("shut_down", "idle-1", agent, 2203.20m), (advice.GetProperty("kind").GetString(), advice.GetProperty("hostname").GetString(), advice.GetProperty("agent_id").GetGuid(), advice.GetProperty("monthly_savings").GetDecimal()));
        Assert.Empty((await other.GetJsonAsync("/api/v1/telemetry/recommendations")).GetProperty("recommendations").EnumerateArray());
        var listed = Assert.Single((await tenant.GetJsonAsync("/api/v1/telemetry/events?kind=idle&open=true")).GetProperty("data").EnumerateArray());
        Assert.Equal((agent, "idle-1", 3.06m), (listed.GetProperty("agent_id").GetGuid(), listed.GetProperty("hostname").GetString(), listed.GetProperty("cost_per_hour").GetDecimal()));
        Assert.Empty((await other.GetJsonAsync("/api/v1/telemetry/events")).GetProperty("data").EnumerateArray());
        var idle = await told.FirstAsync(body => body.GetProperty("agentId").GetGuid() == agent);
        Assert.Equal((900, 3_060_000), (idle.GetProperty("durationSeconds").GetDouble(), idle.GetProperty("costPerHourMicros").GetInt64()));
    }
}
