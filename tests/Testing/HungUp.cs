using System.Net;
using System.Net.Sockets;

namespace Empire.Testing;

/// <summary>A connection that was accepted and reset before anybody looked at it: what a caller meets where a process dies just then.</summary>
public static class HungUp
{
    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>. HttpClient asks such a connection for its address, and lets the bare <see cref="SocketException"/> out.</summary>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.LocalEndpoint, ct);
        using (var accepted = await listener.AcceptSocketAsync(ct)) accepted.LingerState = new(true, 0); // closing it sends a reset
        socket.Poll(TimeSpan.FromSeconds(30), SelectMode.SelectRead);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
