using System.Diagnostics;
using Dapper;
using Empire.Bench.Telemetry;
using Empire.Testing;

namespace Empire.Bench.Agent;

/// <summary>What the agent takes of its host while it reports eight GPUs every second to the real service.</summary>
internal sealed class AgentBenchmark : IBenchmark
{
    private const int Gpus = 8;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15), Measured = TimeSpan.FromSeconds(60);

    public string Name => "agent";
    public string Summary => "the GPU agent's share of a core and its memory, with eight GPUs every second";

    public async Task RunAsync(CancellationToken ct)
    {
        await using var telemetry = await TelemetryProcess.StartAsync(ct);
        await using var owner = await telemetry.Database.OpenAsOwnerAsync();
        await using var door = await AgentDoor.OpenAsync(telemetry, TenantId.New(TimeProvider.System.GetUtcNow()), ct);
        Console.WriteLine($"{Gpus} simulated GPUs every second for {Measured.TotalSeconds} s, after {WarmUp.TotalSeconds} s; {Environment.ProcessorCount} cores");
        string[] asked = ["--simulate", $"{Gpus}", "--interval", "1"];
        var project = Path.Combine(Root, "agents", "gpu");
        await MeasureAsync("as built, on the installed runtime", ["dotnet", "exec", Path.Combine(project, "bin", "Release", "net10.0", "empire-gpu-agent.dll"), .. asked], door, ct);
        if (await PublishAsync(project, ct) is { } program) await MeasureAsync("as installed, one file", [program, .. asked], door, ct);
        else Console.WriteLine("  as installed: it could not be published here (dotnet publish agents/gpu -r linux-x64 --self-contained)");
        await Eventually.TrueAsync(async () => await owner.ExecuteScalarAsync<long>("select coalesce(sum(samples), 0)::bigint from rollups_day") >= (long)Measured.TotalSeconds * Gpus);
    }

    private static async Task MeasureAsync(string what, string[] command, AgentDoor door, CancellationToken ct)
    {
        await using var agent = AgentProgram.Start(command, door.Address);
        await Task.Delay(WarmUp, ct);
        var (cpu, started) = (agent.CpuTime, Stopwatch.GetTimestamp());
        await Task.Delay(Measured, ct);
        if (agent.HasEnded) throw new InvalidOperationException("The agent has ended.");
        var share = (agent.CpuTime - cpu) / Stopwatch.GetElapsedTime(started);
        Console.WriteLine($"  {what,-36}{share,8:P2} of one core (aim 1 %)   {agent.ResidentMib,5:0.0} MiB resident (aim 60)");
    }

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Empire.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("This benchmark runs within the repository.");
            return folder.FullName;
        }
    }

    /// <returns>The program as it is offered for download; null where this machine cannot make it.</returns>
    private static async Task<string?> PublishAsync(string project, CancellationToken ct)
    {
        var output = Path.Combine(AppContext.BaseDirectory, "published-agent");
        var start = new ProcessStartInfo("dotnet", ["publish", project, "-c", "Release", "-r", "linux-x64", "--self-contained", "-p:PublishSingleFile=true", "-o", output])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var publish = Process.Start(start)!;
        var said = publish.StandardOutput.ReadToEndAsync(ct);
        await publish.WaitForExitAsync(ct);
        await said;
        var program = Path.Combine(output, "empire-gpu-agent");
        return publish.ExitCode == 0 && File.Exists(program) ? program : null;
    }
}
