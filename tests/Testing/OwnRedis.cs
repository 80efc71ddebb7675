using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

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
