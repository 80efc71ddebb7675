using System.Diagnostics;

namespace Empire.Bench.Telemetry;

/// <summary>The agent as a process of its own, with made-up GPUs.</summary>
internal sealed class AgentProgram : IAsyncDisposable
{
    private readonly string spool = Directory.CreateTempSubdirectory("bench-agent-").FullName;
    private readonly Process process;

    private AgentProgram(IReadOnlyList<string> command, Uri door)
    {
        var start = new ProcessStartInfo(command[0], [.. command.Skip(1), "--spool", spool]) { UseShellExecute = false, RedirectStandardError = true };
        // As agents/gpu/GpuAgent.csproj sets them for its own program.
        foreach (var (name, value) in ((string, string)[])[("DOTNET_gcServer", "0"), ("DOTNET_gcConcurrent", "0"), ("DOTNET_GCgen0size", "0x100000"), ("DOTNET_GCConserveMemory", "5"), ("DOTNET_TieredPGO", "0")]) start.Environment[name] = value;
        start.Environment["GPU_OPTIMIZER_API_KEY"] = AgentDoor.Key;
        start.Environment["GPU_OPTIMIZER_SERVER_URL"] = door.ToString();
        start.Environment["GPU_OPTIMIZER_METADATA"] = "off";
        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("warning", StringComparison.Ordinal) is true || line.Data?.Contains("error", StringComparison.Ordinal) is true) Console.Error.WriteLine(line.Data);
        };
        process.BeginErrorReadLine();
    }

    public TimeSpan CpuTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public double ResidentMib
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / 1048576.0;
        }
    }

    public bool HasEnded => process.HasExited;

    public static AgentProgram Start(IReadOnlyList<string> command, Uri door) => new(command, door);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(spool, recursive: true);
    }
}
