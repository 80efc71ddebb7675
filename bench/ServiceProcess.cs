using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Empire.Testing;

namespace Empire.Bench;

/// <summary>A program of ours as it runs in production: its own process, its own Kestrel.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process process;

    private ServiceProcess(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Memory that it holds now.</summary>
    public long ResidentBytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Of all its threads, since it began.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <param name="arguments">The assembly in this program's folder, and what it is told.</param>
    /// <param name="port">Where it will answer <paramref name="readyPath"/>.</param>
    public static async Task<ServiceProcess> StartAsync(
        IReadOnlyList<string> arguments, int port, string readyPath, IEnumerable<(string Key, string Value)> settings, CancellationToken ct)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, arguments[0]), .. arguments.Skip(1)]) { RedirectStandardOutput = true, UseShellExecute = false };
        (string, string)[] asInstalled = [("DOTNET_ENVIRONMENT", "Production"), ("DOTNET_gcServer", "0"), ("DOTNET_gcConcurrent", "0"), ("DOTNET_TieredPGO", "0"), ("LOG_LEVEL", "WARNING")];
        foreach (var (key, value) in asInstalled.Concat(settings)) start.Environment[key] = value;
        var program = Process.Start(start)!;
        program.OutputDataReceived += (_, line) => { if (line.Data is not null) Console.Error.WriteLine(line.Data); }; // warnings and errors only
        program.BeginOutputReadLine();
        var started = new ServiceProcess(program, new($"http://127.0.0.1:{port}"));
        using var client = new HttpClient();
        await Eventually.TrueAsync(async () => (await client.GetAsync(new Uri(started.Address, readyPath), ct)).IsSuccessStatusCode, TimeSpan.FromSeconds(60));
        return started;
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
