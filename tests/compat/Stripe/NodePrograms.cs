using System.Diagnostics;
using System.Reflection;

namespace Stripe.Tests;

/// <summary>Runs the programs under <c>Interop/</c>, which use Stripe's own library for Node.js; installs it first where it is missing.</summary>
public static class NodePrograms
{
    static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(3);

    static readonly TimeSpan RunLimit = TimeSpan.FromSeconds(30);

    static readonly string Folder = typeof(NodePrograms).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "InteropFolder").Value!;

    static readonly Lazy<Task> Installed = new(InstallAsync);

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote.</returns>
    public static async Task<string> RunAsync(string program, string input, params string[] arguments)
    {
        Assert.SkipUnless(IsThere("node") && IsThere("npm"), "Node.js is not on the PATH, so Stripe's own library cannot be asked.");
        await Installed.Value;
        using var node = Start("node", [program, .. arguments]);
        try
        {
            await node.StandardInput.WriteAsync(input);
            node.StandardInput.Close();
            var output = node.StandardOutput.ReadToEndAsync();
            var errors = node.StandardError.ReadToEndAsync();
            await node.WaitForExitAsync().WaitAsync(RunLimit);
            return node.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} ended with {node.ExitCode}: {await errors}");
        }
        finally
        {
            if (!node.HasExited) node.Kill(entireProcessTree: true);
        }
    }

    static async Task InstallAsync()
    {
        if (System.IO.File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json"))) return;
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
        StandardInputEncoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
    })!;

    static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => System.IO.File.Exists(Path.Combine(folder, program)));
}
