using System.Diagnostics;
using System.Text;

namespace Empire.EndToEnd.Tests;

/// <summary>Runs <c>./empire</c> the way a person does, in an installation of its own.</summary>
internal sealed class Script(IReadOnlyDictionary<string, string> environment)
{
#if DEBUG
    public const string Configuration = "Debug";
#else
    public const string Configuration = "Release";
#endif

    public static string Root { get; } = FindRoot();

    /// <returns>Standard output.</returns>
    /// <exception cref="InvalidOperationException">It ended with another code than 0, or not in time; the message holds what it wrote.</exception>
    public async Task<string> RunAsync(TimeSpan atMost, params string[] arguments)
    {
        var (code, output) = await TryAsync(atMost, arguments);
        return code == 0 ? output : throw new InvalidOperationException($"./empire {string.Join(' ', arguments)} ended with {code}:\n{output}");
    }

    public async Task<(int Code, string Output)> TryAsync(TimeSpan atMost, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Root, "empire"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Root };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        start.Environment["EMPIRE_CONFIGURATION"] = Configuration;
        using var process = Process.Start(start)!;
        using var time = new CancellationTokenSource(atMost);
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => { lock (output) output.AppendLine(line.Data); };
        process.ErrorDataReceived += (_, line) => { lock (output) output.AppendLine(line.Data); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(time.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            lock (output) throw new InvalidOperationException($"./empire {string.Join(' ', arguments)} took longer than {atMost}:\n{output}", e);
        }
        lock (output) return (process.ExitCode, output.ToString());
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Empire.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
