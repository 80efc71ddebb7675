using System.Net.Security;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Empire.Messaging;

/// <summary>The broker beside the bus. The client library waits for ever for a broker that takes a connection and says nothing; here nobody does.</summary>
internal sealed class Greeting(IOptions<MessagingOptions> options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private Uri Broker => options.Value.Address!;

    /// <exception cref="RabbitMQ.Client.Exceptions.BrokerUnreachableException">The broker is away.</exception>
    /// <exception cref="TimeoutException">It took the connection and did not greet.</exception>
    public async Task<IConnection> ConnectAsync(string name, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        var connecting = new ConnectionFactory { Uri = Broker, AutomaticRecoveryEnabled = false }.CreateConnectionAsync(name, limit.Token);
        try { return await connecting.WaitAsync(Patience * 1.5, ct); } // giving up may hang as well
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested) { throw new TimeoutException("The broker took the connection and did not greet.", e); }
    }

    /// <summary>Whether the broker answers the protocol's first words with its own. Without the library, so that nothing of it is left hanging.</summary>
    public async Task<bool> GreetsAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            var secure = Broker.Scheme == "amqps";
            using var line = new TcpClient();
            await line.ConnectAsync(Broker.Host, Broker.Port > 0 ? Broker.Port : secure ? 5671 : 5672, limit.Token);
            await using var encrypted = secure ? new SslStream(line.GetStream()) : null;
            if (encrypted is not null) await encrypted.AuthenticateAsClientAsync(Broker.Host);
            Stream stream = encrypted is null ? line.GetStream() : encrypted;
            await stream.WriteAsync("AMQP\0\0\u0009\u0001"u8.ToArray(), limit.Token);
            var first = new byte[1];
            return await stream.ReadAsync(first, limit.Token) == 1 && first[0] == 1; // a method's frame; who speaks another version says "AMQP"
        }
        catch (Exception e) when (e is SocketException or IOException or System.Security.Authentication.AuthenticationException) { return false; }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested) { return false; }
    }
}
