using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Empire.GpuAgent.Nvml;
using Empire.GpuAgent.Readings;
using Empire.Testing;

namespace Empire.GpuAgent.Tests;

/// <summary>The NVML reader against a small library of our own; the real one needs a GPU.</summary>
public sealed class NvmlTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Everything_that_a_gpu_tells_is_read_in_the_contracts_units_and_what_it_does_not_tell_is_unset()
    {
        using var reader = new NvmlReader(await LibraryAsync(), throughput: true);
        Assert.Equal("550.54.15", reader.DriverVersion);
        var samples = await reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, samples.Count);
        var a100 = samples[0];
        Assert.Equal(("NVIDIA A100-SXM4-40GB", "GPU-aaaa", 0), (a100.GpuName, a100.GpuUuid, a100.GpuIndex));
        Assert.Equal((87f, 41f, 30_000L, 40_960L, 64, 312.5f, 5_000_000UL), (a100.GpuUtil, a100.MemUtil, a100.MemUsed, a100.MemTotal, a100.Temperature, a100.Power, a100.Energy));
        Assert.Equal((1410u, 1215u, 0x24UL, 17UL, 2UL, 2222UL, 1111UL), (a100.SmClock, a100.MemClock, a100.ThrottleReasons, a100.EccCorrected, a100.EccUncorrected, a100.PcieRx, a100.PcieTx));
        Assert.False(a100.HasXid);
        Assert.Equal([4242u, 4343u], a100.Processes.Select(process => process.Pid));
        Assert.Equal(("python3", 20_000L, 70f), (a100.Processes[0].Name, a100.Processes[0].Mem, a100.Processes[0].Sm)); // without its arguments
        Assert.False(a100.Processes[1].HasMem || a100.Processes[1].HasSm);

        var k80 = samples[1];
        Assert.Equal((3f, 38), (k80.GpuUtil, k80.Temperature)); // by the older function
        Assert.False(k80.HasPower || k80.HasEnergy || k80.HasSmClock || k80.HasThrottleReasons || k80.HasEccCorrected || k80.HasPcieRx || k80.HasXid);

        var later = await reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(79u, later[0].Xid);
        Assert.False(later[0].Processes[0].HasSm); // nothing new since
    }

    [Fact]
    public async Task A_split_gpu_has_its_instances_as_samples_with_the_processes_of_each()
    {
        var samples = (await OnceAsync(await LibraryAsync(), ("FAKE_MIG", "1"))).GetProperty("gpu_data").EnumerateArray().ToList();
        Assert.Equal(["GPU-aaaa", "MIG-0001", "MIG-0002", "GPU-bbbb"], samples.Select(sample => sample.GetProperty("gpu_uuid").GetString()));
        Assert.False(samples[0].TryGetProperty("gpu_util", out _) || samples[1].TryGetProperty("gpu_util", out _)); // not told, and not zero
        Assert.Equal([true, false, false, false], samples.Select(sample => sample.TryGetProperty("mig_enabled", out var split) && split.GetBoolean()));
        Assert.Equal((7, 4864, 4343), (samples[1].GetProperty("mig_instance").GetInt32(), samples[1].GetProperty("mem_total").GetInt32(), samples[1].GetProperty("processes")[0].GetProperty("pid").GetInt32()));
        Assert.Equal((8, 4242), (samples[2].GetProperty("mig_instance").GetInt32(), samples[2].GetProperty("processes")[0].GetProperty("pid").GetInt32()));
    }

    [Fact]
    public async Task A_host_whose_every_gpu_is_split_reports_and_its_instances_tell_their_use_where_the_card_does()
    {
        await using var server = await StubTelemetry.StartAsync();
        using var agent = AgentProcess.Start(["--spool", folder.File("spool"), "--interval", "1"],
        [
            ("GPU_OPTIMIZER_NVML_LIBRARY", await LibraryAsync()), ("GPU_OPTIMIZER_METADATA", "off"), ("GPU_OPTIMIZER_API_KEY", StubTelemetry.Key), ("GPU_OPTIMIZER_SERVER_URL", server.Address.ToString()),
            ("GPU_OPTIMIZER_COST_PER_HOUR", "4.1"), ("FAKE_MIG", "1"), ("FAKE_GPM", "1"), ("FAKE_ONE", "1"),
        ]);
        await Eventually.TrueAsync(() => server.Stored.Count >= 3);
        var batches = server.Stored.Take(3).Select(batch => batch.Samples).ToArray();
        Assert.All(batches, batch => Assert.Equal([(true, false), (false, true), (false, true)], batch.Select(sample => (sample.MigEnabled, sample.HasMigInstance))));
        Assert.All(batches, batch => Assert.Equal([4_100_000, null, null], batch.Select(sample => sample.CostPerHour?.Micros))); // the price of the card, once
        Assert.DoesNotContain(batches[0], sample => sample.HasGpuUtil);
        Assert.All(batches[1..], batch => Assert.Equal([17f, 18f], batch.Where(sample => sample.HasGpuUtil).Select(sample => sample.GpuUtil)));
    }

    [Fact]
    public async Task A_driver_that_hangs_keeps_neither_the_stream_from_starting_nor_the_agent_from_ending()
    {
        await using var server = await StubTelemetry.StartAsync();
        using var agent = AgentProcess.Start(server.Address, folder.File("spool"), ["--interval", "1"], ("GPU_OPTIMIZER_NVML_LIBRARY", await LibraryAsync()), ("FAKE_HANG", "1"));
        await Eventually.TrueAsync(() => server.Greetings == 1);
        Assert.Equal(0, await agent.TerminateAsync());
        Assert.Contains("holds on to a reading", agent.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gpu_that_fell_off_the_bus_does_not_hide_the_others()
    {
        var samples = (await OnceAsync(await LibraryAsync(), ("FAKE_LOST", "1"))).GetProperty("gpu_data");
        Assert.Equal("GPU-bbbb", Assert.Single(samples.EnumerateArray()).GetProperty("gpu_uuid").GetString());
    }

    [Theory]
    [InlineData("bus", "the GPU has fallen off the bus")]
    [InlineData("values", "it does not tell its utilisation")]
    [InlineData("list", "the driver no longer lists it")]
    public async Task A_gpu_that_is_lost_while_the_agent_runs_is_named_and_its_error_sent_with_its_last_reading(string how, string why)
    {
        await using var server = await StubTelemetry.StartAsync();
        using var agent = AgentProcess.Start(server.Address, folder.File("spool"), ["--interval", "1"], ("GPU_OPTIMIZER_NVML_LIBRARY", await LibraryAsync()), ("FAKE_FALLS", how));
        await Eventually.TrueAsync(() => server.Stored.Count >= 4);
        var batches = server.Stored.Take(4).Select(batch => batch.Samples).ToList();
        Assert.Equal([2, 2, 1, 1], batches.Select(batch => batch.Count));
        Assert.All(batches, batch => Assert.Single(batch, sample => sample.GpuUuid == "GPU-bbbb"));
        var (before, told) = (batches[0].Single(sample => sample.GpuUuid == "GPU-aaaa"), batches[1].Single(sample => sample.GpuUuid == "GPU-aaaa"));
        Assert.Equal((false, 79u, before.ObservedAtMs), (before.HasXid, told.Xid, told.ObservedAtMs));
        told.ClearXid();
        Assert.Equal(before, told);
        Assert.Single(agent.Said.Split('\n'), line => line.Contains($"GPU 0 (NVIDIA A100-SXM4-40GB, GPU-aaaa) is left out: {why}. Its last error is XID 79.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_its_driver_the_library_is_named_with_the_reason()
    {
        using var agent = AgentProcess.Start(["--once"], [("GPU_OPTIMIZER_NVML_LIBRARY", await LibraryAsync()), ("FAKE_NO_DRIVER", "1"), ("PATH", folder.Path)]);
        Assert.Equal(1, await agent.EndAsync());
        Assert.Contains("the NVIDIA driver is not loaded; nvidia-smi not found", agent.Said, StringComparison.Ordinal);
    }

    [Fact]
    public void No_library_is_a_reason_and_not_a_crash() =>
        Assert.Contains("cannot be loaded", Assert.Throws<GpusUnavailableException>(() => new NvmlReader("libnvidia-ml-none.so.1", false)).Message, StringComparison.Ordinal);

    /// <summary>Variables of the environment reach a library only in a process of its own.</summary>
    private static async Task<JsonElement> OnceAsync(string library, (string, string) variable)
    {
        using var agent = AgentProcess.Start(["--once"], [("GPU_OPTIMIZER_NVML_LIBRARY", library), ("GPU_OPTIMIZER_METADATA", "off"), variable]);
        Assert.Equal(0, await agent.EndAsync());
        return JsonDocument.Parse(agent.Printed).RootElement;
    }

    private async Task<string> LibraryAsync()
    {
        var source = folder.File("nvml.c");
        await using (var stream = typeof(NvmlTests).Assembly.GetManifestResourceStream("nvml.c")!)
        await using (var file = File.Create(source)) await stream.CopyToAsync(file, TestContext.Current.CancellationToken);
        var library = folder.File("libfake-nvml.so");
        try
        {
            using var gcc = Process.Start(new ProcessStartInfo("gcc", ["-shared", "-fPIC", "-o", library, source]) { RedirectStandardError = true, UseShellExecute = false })!;
            var words = await gcc.StandardError.ReadToEndAsync();
            await gcc.WaitForExitAsync();
            Assert.True(gcc.ExitCode == 0, words);
        }
        catch (Win32Exception)
        {
            Assert.Skip("gcc is not installed: the library that stands in for the driver's cannot be built.");
        }
        return library;
    }
}
