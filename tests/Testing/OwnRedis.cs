using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Empire.Testing;

/// <summary>A Redis of the test's own, which it may kill.</summary>
/// <param name="arguments">More of its command line: <c>--requirepass</c>.</param>
public sealed class OwnRedis(params string[] arguments) : IAsyncDisposable
{
    private Process? process;

    public int Port { get; } = FreePort();

    public string Address => $"127.0.0.1:{Port}";

    public static async Task<OwnRedis> StartedAsync(params string[] arguments)
    {
        var redis = new OwnRedis(arguments);
        await redis.StartAsync();
        return redis;
    }

    /// <summary>One node of a cluster, which has every slot: it refuses what a larger cluster would have to look for in two places.</summary>
    public static async Task<OwnRedis> ClusterAsync()
    {
        // The bus has no free port of its own in every case: by default it is 10,000 above, which may be no port at all.
        var nodes = Path.Combine(Directory.CreateTempSubdirectory("redis-").FullName, "nodes.conf");
        var redis = await StartedAsync("--cluster-enabled", "yes", "--cluster-config-file", nodes, "--cluster-port", $"{FreePort()}");
        await redis.AskAsync("CLUSTER ADDSLOTSRANGE 0 16383");
        await Eventually.TrueAsync(async () => (await redis.AskAsync("CLUSTER INFO")).Contains("cluster_state:ok", StringComparison.Ordinal));
        return redis;
    }

    public async Task StartAsync()
    {
        process = Process.Start(new ProcessStartInfo("redis-server", ["--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", Path.GetTempPath(), .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        _ = process.StandardOutput.ReadToEndAsync();   // so that it never waits for a reader
        await Eventually.TrueAsync(async () =>
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, Port);
            return socket.Connected;
        });
    }

    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    /// <summary>The first part of the answer, as it comes.</summary>
    private async Task<string> AskAsync(string command)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{command}\r\n"));
        var answer = new byte[4096];
        return Encoding.ASCII.GetString(answer, 0, await stream.ReadAsync(answer));
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null) await KillAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
