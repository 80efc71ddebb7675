using System.Diagnostics;
using System.Text;
using Empire.Testing;

namespace Empire.GpuAgent.Tests;

/// <summary>The agent as a process of its own, as on a host. It is killed with the test.</summary>
internal sealed class AgentProcess : IDisposable
{
    private readonly Process process;
    private readonly StringBuilder said = new();
    private readonly StringBuilder printed = new();

    private AgentProcess(Process process)
    {
        this.process = process;
        process.ErrorDataReceived += (_, line) => { lock (said) said.AppendLine(line.Data); };
        process.OutputDataReceived += (_, line) => { lock (printed) printed.AppendLine(line.Data); };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    /// <summary>Its log.</summary>
    public string Said { get { lock (said) return said.ToString(); } }
    public string Printed { get { lock (printed) return printed.ToString(); } }
    public int Id => process.Id;

    public static AgentProcess Start(IReadOnlyList<string> arguments, IReadOnlyList<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && path.EndsWith("dotnet", StringComparison.Ordinal) ? path : "dotnet", ["exec", typeof(AgentSettings).Assembly.Location, .. arguments])
        {
            RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false,
        };
        if (start.FileName == "dotnet" && Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, "dotnet")).FirstOrDefault(File.Exists) is { } found) start.FileName = found;
        foreach (var inherited in start.Environment.Keys.Where(name => name.StartsWith("GPU_OPTIMIZER_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(inherited);
        start.Environment["GPU_OPTIMIZER_METADATA"] = "off";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    public static AgentProcess Start(Uri server, string folder, IReadOnlyList<string> arguments, params (string, string)[] environment) =>
        Start([.. arguments, "--spool", folder], [("GPU_OPTIMIZER_API_KEY", StubTelemetry.Key), ("GPU_OPTIMIZER_SERVER_URL", server.ToString()), .. environment]);

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    public async Task KillAsync()
    {
        process.Kill();
        await EndAsync();
    }

    /// <summary>SIGTERM, as systemd sends it.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync();
        return await EndAsync();
    }

    public Task SaysAsync(string text) => Eventually.TrueAsync(() => Said.Contains(text, StringComparison.Ordinal));

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }
}
