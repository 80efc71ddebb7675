using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Empire.Testing;

/// <summary>Stands between a client and a real server, so that a test can cut the line: to its user the server is down, while others keep using it.</summary>
public sealed class FaultyTcpProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, Socket> lines = new();
    private readonly string host;
    private readonly int port;
    private readonly Task accepting;
    private volatile bool cut;
    private volatile TaskCompletionSource? silence;
    private int refused, unanswered;

    /// <param name="host">The real server.</param>
    public FaultyTcpProxy(string host, int port)
    {
        (this.host, this.port) = (host, port);
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>Where the client connects to, on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Connections turned away so far: a test knows by it that its subject has met the cut.</summary>
    public int Refused => Volatile.Read(ref refused);

    /// <summary>Connections that met silence so far.</summary>
    public int Unanswered => Volatile.Read(ref unanswered);

    /// <summary>The broker of <see cref="TestServers.RabbitMq"/>; <paramref name="address"/> is the address that leads through the proxy.</summary>
    public static FaultyTcpProxy ToRabbitMq(out string address)
    {
        var real = new Uri(TestServers.RabbitMq);
        var proxy = new FaultyTcpProxy(real.Host, real.Port);
        address = new UriBuilder(real) { Host = "127.0.0.1", Port = proxy.Port }.Uri.ToString();
        return proxy;
    }

    /// <summary>Resets every open connection and each new one, until <see cref="Restore"/>.</summary>
    public void Cut()
    {
        cut = true;
        Drop();
    }

    /// <summary>Resets every open connection; new ones are let through.</summary>
    public void Drop()
    {
        foreach (var (client, server) in lines)
        {
            Reset(client);
            Reset(server);
        }
    }

    /// <summary>Holds back whatever the server says, as one that is too busy, until <see cref="Restore"/>. What clients say arrives.</summary>
    public void Silence() => silence = new();

    /// <summary>The server talks again, but not on the connections where it fell silent.</summary>
    public void RestoreForNewOnes() => silence = null;

    public void Restore()
    {
        cut = false;
        var held = silence;
        silence = null;
        held?.SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        listener.Stop();
        await accepting;
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try { client = await listener.AcceptSocketAsync(); }
            catch (SocketException) { return; } // stopped
            catch (ObjectDisposedException) { return; }
            if (cut)
            {
                Interlocked.Increment(ref refused);
                Reset(client);
            }
            else _ = CarryAsync(client);
        }
    }

    private async Task CarryAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        try
        {
            await server.ConnectAsync(host, port);
            lines[client] = server;
            if (cut) return;
            if (silence is not null) Interlocked.Increment(ref unanswered);
            await Task.WhenAny(PumpAsync(client, server, () => Task.CompletedTask), PumpAsync(server, client, () => silence?.Task ?? Task.CompletedTask));
        }
        catch (SocketException) { } // the real server is down too
        finally
        {
            lines.TryRemove(client, out _);
            Reset(client);
            Reset(server);
        }
    }

    private static async Task PumpAsync(Socket from, Socket to, Func<Task> held)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var read)
            {
                await held();
                for (var sent = 0; sent < read;) sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }
        catch (SocketException) { } // cut
        catch (ObjectDisposedException) { }
    }

    /// <summary>With a linger of zero, close sends RST instead of FIN: as when the peer's machine is gone.</summary>
    private static void Reset(Socket socket)
    {
        try { socket.LingerState = new(true, 0); }
        catch (SocketException) { }
        catch (ObjectDisposedException) { return; }
        socket.Dispose();
    }
}
