using Empire.Contracts.V1;
using Empire.Testing;

namespace Empire.GpuAgent.Tests;

/// <summary>The program as it runs on a host, at an interval of a second.</summary>
public sealed class ProcessTests : IDisposable
{
    private const string TwoGpus = """
        case "$1" in
        --query-gpu=*clocks.sm*) printf '%s\n' \
            '0, Tesla V100-SXM2-16GB, GPU-v0, 470.82.01, 85, 40, 12000, 16160, 61, 250.31, 1530, 877, 0x0000000000000004, 0, 0' \
            '1, Tesla V100-SXM2-16GB, GPU-v1, 470.82.01, 0, 0, 4, 16160, 33, [N/A], 135, 877, [Not Supported], [N/A], [N/A]' ;;
        --query-compute-apps=*) echo 'GPU-v0, 4711, 11990, /opt/conda/bin/python, with a comma' ;;
        *) echo "what is $1" >&2; exit 2 ;;
        esac
        """;
    private readonly TempFolder folder = new();
    private readonly TempFolder bin = new();

    public void Dispose()
    {
        folder.Dispose();
        bin.Dispose();
    }

    [Fact]
    public async Task Nvidia_smi_gives_one_sample_per_gpu_each_interval()
    {
        bin.Script("nvidia-smi", TwoGpus);
        await using var server = await StubTelemetry.StartAsync();
        using var agent = AgentProcess.Start(server.Address, folder.Path, ["--interval", "1"], ("PATH", bin.Path), ("GPU_OPTIMIZER_NVML_LIBRARY", "libnone.so"), ("GPU_OPTIMIZER_COST_PER_HOUR", "3.06"), ("GPU_OPTIMIZER_LABELS", "team=vision"));
        await Eventually.TrueAsync(() => server.Stored.Count >= 3);
        Assert.All(server.Stored, batch => Assert.Equal([0, 1], batch.Samples.Select(sample => sample.GpuIndex)));
        var (busy, idle) = (server.Stored[0].Samples[0], server.Stored[0].Samples[1]);
        Assert.Equal(("Tesla V100-SXM2-16GB", 85f, 12_000L, 16_160L, 61, 250.31f, 4UL), (busy.GpuName, busy.GpuUtil, busy.MemUsed, busy.MemTotal, busy.Temperature, busy.Power, busy.ThrottleReasons));
        Assert.Equal((4711u, 11_990L, 3_060_000L), (busy.Processes[0].Pid, busy.Processes[0].Mem, busy.CostPerHour.Micros));
        Assert.False(idle.HasPower || idle.HasThrottleReasons || idle.HasEccCorrected);
        Assert.Equal(("470.82.01", 1u, "vision"), (server.Stored[0].Host.DriverVersion, server.Stored[0].Host.IntervalSeconds, server.Stored[0].Host.Labels["team"]));
        Assert.Equal(0, await agent.TerminateAsync());
        Assert.DoesNotContain(StubTelemetry.Key, agent.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_nvidia_smi_it_says_so_stays_and_reads_once_it_is_there()
    {
        await using var server = await StubTelemetry.StartAsync();
        using var agent = AgentProcess.Start(server.Address, folder.Path, ["--interval", "1"], ("PATH", bin.Path), ("GPU_OPTIMIZER_NVML_LIBRARY", "libnone.so"));
        await agent.SaysAsync("nvidia-smi not found");
        Assert.Empty(server.Stored);
        bin.Script("nvidia-smi", TwoGpus);
        await Eventually.TrueAsync(() => server.Stored.Count >= 1);
        await agent.SaysAsync("GPUs are seen: nvidia-smi.");
        Assert.Single(agent.Said.Split('\n'), line => line.Contains("nvidia-smi not found", StringComparison.Ordinal)); // once, not at every interval
    }

    [Fact]
    public async Task An_older_nvidia_smi_that_refuses_a_field_is_asked_for_the_plain_ones()
    {
        bin.Script("nvidia-smi", """
            case "$1" in
            *clocks*) echo 'Field "clocks_throttle_reasons.active" is not a valid field to query.'; exit 2 ;;
            --query-gpu=*) echo '0, Tesla M60, GPU-m, 470.10, 7, 1, 100, 8000, 44, 60.1' ;;
            *) exit 2 ;;
            esac
            """);
        using var reader = new NvidiaSmi.SmiReader(TimeProvider.System, bin.File("nvidia-smi"));
        for (var i = 0; i < 2; i++)
        {
            var sample = Assert.Single(await reader.ReadAsync(TestContext.Current.CancellationToken));
            Assert.Equal(("Tesla M60", 7f, 44), (sample.GpuName, sample.GpuUtil, sample.Temperature));
        }
    }

    [Fact]
    public async Task Killed_between_disk_and_answer_it_loses_nothing_and_sends_nothing_twice()
    {
        await using var server = await StubTelemetry.StartAsync(new() { Mute = true });
        using (var killed = AgentProcess.Start(server.Address, folder.Path, ["--interval", "1", "--simulate", "2"]))
        {
            await Eventually.TrueAsync(() => server.Stored.Count >= 2); // stored, and never answered
            await server.DownAsync();
            var before = SpoolBytes();
            await Eventually.TrueAsync(() => SpoolBytes() > before); // kept, and never sent
            await killed.KillAsync();
        }
        var kept = Kept();
        server.Mute = false;
        await server.UpAsync();
        using var again = AgentProcess.Start(server.Address, folder.Path, ["--interval", "1", "--simulate", "2"]);
        await Eventually.TrueAsync(() => server.Stored.Count > kept.Count + 1);
        Assert.Equal(Enumerable.Range(1, server.Stored.Count).Select(n => (ulong)n), server.Stored.Select(batch => batch.Sequence));
        Assert.Equal(kept.Select(batch => batch.Samples), server.Stored.Take(kept.Count).Select(batch => batch.Samples));
        Assert.Single(server.Stored.Select(batch => batch.AgentId).Distinct());
        Assert.Equal(server.Stored.Count, server.Stored.Select(batch => batch.Samples[0].ObservedAtMs).Distinct().Count());
    }

    [Fact]
    public async Task Check_says_what_passes_and_what_fails_and_why()
    {
        await using var server = await StubTelemetry.StartAsync();
        using (var good = AgentProcess.Start(server.Address, folder.Path, ["--check", "--simulate", "4"]))
        {
            Assert.Equal(0, await good.EndAsync());
            Assert.Contains("pass  GPUs      4 by simulated", good.Printed, StringComparison.Ordinal);
            Assert.Contains("pass  key       accepted", good.Printed, StringComparison.Ordinal);
            Assert.Empty(server.Stored);
        }
        using (var wrong = AgentProcess.Start(server.Address, folder.Path, ["--check", "--simulate", "4"], ("GPU_OPTIMIZER_API_KEY", "gopt_AAAAAAAAAAAAAAAAAAAAAAAA")))
        {
            Assert.Equal(1, await wrong.EndAsync());
            Assert.Contains("FAIL  key       not accepted", wrong.Printed, StringComparison.Ordinal);
        }
        await server.DownAsync();
        using var away = AgentProcess.Start(server.Address, folder.Path, ["--check"], ("PATH", bin.Path), ("GPU_OPTIMIZER_NVML_LIBRARY", "libnone.so"));
        Assert.Equal(1, await away.EndAsync());
        Assert.Contains("FAIL  GPUs      libnone.so cannot be loaded; nvidia-smi not found", away.Printed, StringComparison.Ordinal);
        Assert.Contains("FAIL  server", away.Printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_over_http_where_there_is_no_grpc()
    {
        await using var server = await StubTelemetry.StartAsync(new() { NoGrpc = true });
        using var agent = AgentProcess.Start(server.Address, folder.Path, ["--check", "--simulate", "1"]);
        Assert.Equal(0, await agent.EndAsync());
        Assert.Contains("note  gRPC", agent.Printed, StringComparison.Ordinal);
        Assert.Contains("pass  key       accepted", agent.Printed, StringComparison.Ordinal);
    }

    private long SpoolBytes() => Directory.GetFiles(folder.Path, "*.seg", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

    private List<SampleBatch> Kept() =>
        Directory.GetFiles(folder.Path, "*.seg", SearchOption.AllDirectories).Order().SelectMany(path =>
        {
            var segment = Spooling.Segment.FromPath(path)!;
            segment.Scan();
            return segment.ReadAll();
        }).ToList();
}
