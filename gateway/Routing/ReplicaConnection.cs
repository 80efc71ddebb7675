using System.Net.Sockets;

namespace Empire.Gateway.Routing;

/// <summary>How replicas are connected to: one that takes no connection within <see cref="Patience"/>, a machine that is gone say, is as unreachable as one that refuses it. The client's own limit would look like a service that
/// is slow.</summary>
internal static class ReplicaConnection
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, patience.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            socket.Dispose();
            throw new SocketException((int)SocketError.TimedOut);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A request without content is sent once more by the client itself where the connection ends before an answer, as if nobody could have acted on it. Only reading may be repeated so.</summary>
    public static void SendOnce(HttpRequestMessage request)
    {
        if (request.Content is null && request.Method != HttpMethod.Get && request.Method != HttpMethod.Head && request.Method != HttpMethod.Options && request.Method != HttpMethod.Trace)
            request.Content = new ByteArrayContent([]);
    }
}
