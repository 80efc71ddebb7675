using System.Diagnostics;
using System.Reflection;

namespace Empire.AppHost.Tests;

/// <summary>The AppHost as the script runs it, with a home folder and an <c>.env</c> of its own.</summary>
public sealed class AppHostProgram : IDisposable
{
    private readonly Dictionary<string, string> _environment = new() { ["EMPIRE_DASHBOARD_PORT"] = "off", ["DOTNET_ENVIRONMENT"] = "Development" };

    public AppHostProgram()
    {
        _environment["EMPIRE_HOME"] = Home;
        _environment["EMPIRE_ENV_FILE"] = Path.Combine(Home, ".env");
    }

    /// <summary>The repository.</summary>
    public static string Root { get; } = typeof(AppHostProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "Root").Value!;

    public string Home { get; } = Directory.CreateTempSubdirectory("apphost-test-").FullName;

    public string this[string variable] { set => _environment[variable] = value; }

    public void WriteDotEnv(string text) => File.WriteAllText(_environment["EMPIRE_ENV_FILE"], text);

    /// <summary>Runs it to its end.</summary>
    public async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var assembly = typeof(AppHostProgram).Assembly;
        var configuration = assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Root, "AppHost", "bin", configuration, "net10.0", "AppHost.dll"), .. arguments])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in _environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return (process.ExitCode, await output, await error);
    }

    public void Dispose() => Directory.Delete(Home, recursive: true);
}
