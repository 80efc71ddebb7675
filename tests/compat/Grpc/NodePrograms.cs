using System.Diagnostics;
using System.Reflection;

namespace Grpc.Tests;

/// <summary>Runs the programs under <c>Interop/</c>, which use <c>@grpc/grpc-js</c>; installs that package first where it is missing.</summary>
public static class NodePrograms
{
    static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(3);

    static readonly string Folder = typeof(NodePrograms).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "InteropFolder").Value!;

    static readonly Lazy<Task> Installed = new(InstallAsync);

    /// <summary>Starts a program; whoever starts it ends it.</summary>
    public static async Task<Process> StartAsync(string program, params string[] arguments)
    {
        Assert.SkipUnless(IsThere("node") && IsThere("npm"), "Node.js is not on the PATH, so there is no independent gRPC implementation to talk to.");
        await Installed.Value;
        return Start("node", [program, .. arguments]);
    }

    static async Task InstallAsync()
    {
        if (File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json"))) return;
        using var npm = Start("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        using var limit = new CancellationTokenSource(InstallLimit);
        try
        {
            var output = npm.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = npm.StandardError.ReadToEndAsync(limit.Token);
            await npm.WaitForExitAsync(limit.Token);
            if (npm.ExitCode != 0) throw new InvalidOperationException($"npm ci ended with {npm.ExitCode}: {await output} {await errors}");
        }
        finally
        {
            if (!npm.HasExited) npm.Kill(entireProcessTree: true);
        }
    }

    static Process Start(string program, IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = Folder,
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
