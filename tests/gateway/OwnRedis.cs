using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Empire.Gateway.Tests;

/// <summary>A Redis of the test's own, which it may kill.</summary>
public sealed class OwnRedis : IAsyncDisposable
{
    private readonly int port = FreePort();
    private Process? process;

    public string Address => $"127.0.0.1:{port}";

    public static async Task<OwnRedis> StartedAsync()
    {
        var redis = new OwnRedis();
        await redis.StartAsync();
        return redis;
    }

    public async Task StartAsync()
    {
        process = Process.Start(new ProcessStartInfo("redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", Path.GetTempPath()]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        _ = process.StandardOutput.ReadToEndAsync();   // so that it never waits for a reader
        await Testing.Eventually.TrueAsync(async () =>
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, port);
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
