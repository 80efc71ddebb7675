extern alias sandbox;

using System.Diagnostics;

namespace Empire.Content.Tests.Stubs;

/// <summary>The sandbox as a process of its own, on a free port.</summary>
public sealed class SandboxProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";
    private readonly string data = Directory.CreateTempSubdirectory("empire-sandbox-").FullName;
    private readonly Process process;

    private SandboxProcess()
    {
        var program = typeof(sandbox::Program).Assembly.Location;
        process = Process.Start(new ProcessStartInfo("dotnet", [program])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(program),
            Environment = { ["HTTP_PORT"] = "0", ["Sandbox__Data"] = data, ["DOTNET_ENVIRONMENT"] = "Development" },
        })!;
    }

    public string Address { get; private set; } = "";

    public static async Task<SandboxProcess> StartAsync()
    {
        var started = new SandboxProcess();
        var address = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        started.process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null) address.TrySetException(new InvalidOperationException("The sandbox ended before it listened."));
            else if (line.Data.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at) address.TrySetResult(line.Data[(at + Listening.Length)..].Trim());
        };
        started.process.ErrorDataReceived += (_, _) => { }; // read, so that it never blocks on a full pipe
        started.process.BeginOutputReadLine();
        started.process.BeginErrorReadLine();
        started.Address = await address.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(data, recursive: true);
    }
}
