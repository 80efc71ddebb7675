using System.Diagnostics;
using System.Text;

namespace Empire.EndToEnd.Tests;

/// <summary>A host with an agent on it: the program itself, as built or as downloaded, with a folder of its own. It is killed with the test.</summary>
internal sealed class GpuHost : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gpu-host-").FullName;
    private readonly List<Process> started = [];
    private static readonly TimeSpan toItsEnd = TimeSpan.FromMinutes(2);

    /// <summary>As the build leaves it, on the installed runtime.</summary>
    private static readonly string[] built = ["dotnet", "exec", Path.Combine(Script.Root, "agents", "gpu", "bin", Script.Configuration, "net10.0", "empire-gpu-agent.dll")];

    public string File(string name) => Path.Combine(folder, name);

    /// <summary>Runs the agent that was built until it is disposed or terminated.</summary>
    /// <returns>The process, and its log so far.</returns>
    public (Process Process, Func<string> Log) Start(IReadOnlyList<string> arguments, params (string Name, string Value)[] settings)
    {
        var process = Process.Start(Described(built, [.. arguments, "--spool", File("spool")], settings))!;
        started.Add(process);
        var log = new StringBuilder();
        process.ErrorDataReceived += (_, line) => { lock (log) log.AppendLine(line.Data); };
        process.BeginErrorReadLine();
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return (process, () => { lock (log) return log.ToString(); });
    }

    /// <summary>Runs a program of the host to its end.</summary>
    /// <exception cref="TimeoutException">It had no end; the message holds what it wrote.</exception>
    public async Task<(int Code, string Printed, string Said)> RunAsync(string program, IReadOnlyList<string> arguments, params (string Name, string Value)[] settings)
    {
        using var process = Process.Start(Described([program], arguments, settings))!;
        var (printed, said) = (new StringBuilder(), new StringBuilder());
        process.OutputDataReceived += (_, line) => Keep(printed, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(said, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync().WaitAsync(toItsEnd);
        }
        catch (TimeoutException e)
        {
            var alive = !process.HasExited;
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} {(alive ? "ran longer than" : "has ended, but not what it wrote, after")} {toItsEnd}:\n{Written(printed)}{Written(said)}", e);
        }
        return (process.ExitCode, Written(printed), Written(said));

        static void Keep(StringBuilder written, string? line)
        {
            if (line is not null) lock (written) written.Append(line).Append('\n');
        }

        static string Written(StringBuilder written)
        {
            lock (written) return written.ToString();
        }
    }

    /// <summary>SIGTERM, as systemd sends it.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> TerminateAsync(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    private static ProcessStartInfo Described(string[] program, IReadOnlyList<string> arguments, (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo(program[0], [.. program[1..], .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var inherited in start.Environment.Keys.Where(name => name.StartsWith("GPU_OPTIMIZER_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(inherited);
        start.Environment["GPU_OPTIMIZER_METADATA"] = "off"; // nothing outside is asked
        foreach (var (name, value) in settings) start.Environment[$"GPU_OPTIMIZER_{name}"] = value;
        return start;
    }

    public void Dispose()
    {
        foreach (var process in started)
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
        Directory.Delete(folder, recursive: true);
    }
}
