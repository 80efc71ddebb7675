using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>How a server that the real packages run in a container is run here: as a program of this machine, with its data in the home folder.</summary>
public sealed class NativeServerAnnotation : IResourceAnnotation
{
    /// <summary>Makes the server's data ready, if that has not been done before, and says what to start.</summary>
    public required Func<NativeServerContext, CancellationToken, Task<NativeProgram>> PrepareAsync { get; init; }

    /// <summary>Speaks to the server in its own protocol.</summary>
    /// <returns>Null when it answers, otherwise what is wrong in one line.</returns>
    public required Func<CancellationToken, Task<string?>> ProbeAsync { get; init; }

    /// <summary>Called after each start, when the server answers and before it counts as healthy; safe to repeat.</summary>
    public Func<CancellationToken, Task> ReadyAsync { get; init; } = _ => Task.CompletedTask;
}

/// <param name="DataDirectory">The server's own folder; exists, and is its owner's alone.</param>
/// <param name="Arguments">What <c>WithArgs</c> adds to the command line.</param>
public sealed record NativeServerContext(IResource Resource, string DataDirectory, IReadOnlyList<string> Arguments, Action<string> Log)
{
    /// <summary>Runs a program to its end, as <c>initdb</c>.</summary>
    /// <exception cref="DistributedApplicationException">It could not be run, or did not end with 0.</exception>
    public async Task RunAsync(NativeProgram program, CancellationToken ct)
    {
        using var process = ChildProcess.Start(program, dieTogether: true, line => Log(line));
        var code = await process.Exit.WaitAsync(ct);
        if (code != 0) throw new DistributedApplicationException($"{Path.GetFileName(program.FileName)} ended with {code}; see the log of '{Resource.Name}'.");
    }
}

/// <summary>A program as the orchestrator starts it: in a session of its own.</summary>
public sealed record NativeProgram(string FileName, params IReadOnlyList<string> Arguments)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>The account to run under when we are root; null means our own.</summary>
    public string? User { get; init; }

    /// <summary>The signal by which the program ends in good order.</summary>
    public int StopSignal { get; init; } = ProcessIdentity.SigTerm;
    public const int Interrupt = ProcessIdentity.SigInt;

    /// <summary>The newest of the programs that match, as "/usr/lib/postgresql/*/bin/initdb", or one found on PATH.</summary>
    /// <exception cref="DistributedApplicationException">There is none: the message names the package to install.</exception>
    public static string Find(string name, string package, params ReadOnlySpan<string> patterns)
    {
        foreach (var pattern in patterns)
        {
            var star = pattern.IndexOf('*', StringComparison.Ordinal);
            if (star < 0)
            {
                if (File.Exists(pattern)) return pattern;
                continue;
            }
            var parent = Path.GetDirectoryName(pattern[..star])!;
            var prefix = Path.GetFileName(pattern[..star]);
            if (!Directory.Exists(parent)) continue;
            var newest = Directory.EnumerateDirectories(parent, prefix + "*").Select(folder => folder + pattern[(star + 1)..]).Where(File.Exists)
                .OrderByDescending(file => double.TryParse(file[(parent.Length + 1 + prefix.Length)..].Split('/')[0], out var version) ? version : 0).FirstOrDefault();
            if (newest is not null) return newest;
        }
        return (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new DistributedApplicationException($"{name} was not found; install the package '{package}'.");
    }
}
