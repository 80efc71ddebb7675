using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Empire.Testing;

/// <summary>A victoria-metrics of the test's own, with its data in a folder that is gone afterwards; it may be stopped and started again.</summary>
public sealed class OwnVictoriaMetrics : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("victoria-metrics-").FullName;
    private readonly HttpClient http = new();
    private readonly int port = FreePort();
    private Process? process;

    public static bool IsInstalled => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(place => File.Exists(Path.Combine(place, "victoria-metrics")));

    /// <summary>With a slash at its end.</summary>
    public Uri Address => new($"http://127.0.0.1:{port}/");

    public static async Task<OwnVictoriaMetrics> StartedAsync()
    {
        var server = new OwnVictoriaMetrics();
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("victoria-metrics", [$"-storageDataPath={folder}", $"-httpListenAddr=127.0.0.1:{port}", "-retentionPeriod=1y", "-loggerLevel=ERROR"])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync(); // so that it never waits for a reader
        _ = process.StandardError.ReadToEndAsync();
        await Eventually.TrueAsync(async () => (await http.GetAsync(new Uri(Address, "health"))).IsSuccessStatusCode);
    }

    /// <summary>As by its supervisor: what it has taken is on the disk.</summary>
    public async Task StopAsync()
    {
        using var signal = Process.Start("kill", ["-TERM", $"{process!.Id}"]);
        await signal.WaitForExitAsync();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    /// <summary>Puts on the disk, and merges, what it has taken.</summary>
    public async Task FlushAsync()
    {
        (await http.GetAsync(new Uri(Address, "internal/force_flush"))).EnsureSuccessStatusCode();
        (await http.GetAsync(new Uri(Address, "internal/force_merge"))).EnsureSuccessStatusCode();
    }

    /// <summary>One of its own figures; the sum over its labels.</summary>
    public async Task<double> FigureAsync(string name)
    {
        var lines = (await http.GetStringAsync(new Uri(Address, "metrics"))).Split('\n');
        return lines.Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal))
            .Sum(line => double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>Every stored value of the series that match, as <c>/api/v1/export</c> tells them: one JSON object a line.</summary>
    /// <param name="match">A selector, as <c>{__name__=~"gpu_.*"}</c>.</param>
    public async Task<string> ExportAsync(string match)
    {
        (await http.GetAsync(new Uri(Address, "internal/force_flush"))).EnsureSuccessStatusCode(); // shows what came just now
        return await http.GetStringAsync(new Uri(Address, $"api/v1/export?match[]={Uri.EscapeDataString(match)}"));
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
