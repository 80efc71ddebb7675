using System.Collections.Concurrent;
using RabbitMQ.Client;

namespace Empire.Messaging;

/// <summary>Sees to it that whoever is to hear an event has a queue for it before the first one is sent: an exchange without queues drops what it gets, and a service that
/// is started later, or for the first time, would never know.</summary>
internal sealed class Subscribers(SubscriptionTable table, MessagingNames names, Greeting greeting) : IDisposable
{
    private readonly ConcurrentDictionary<string, bool> declared = new();
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Declares the exchange of an event type and the queues that hear it, once per process; as MassTransit declares them at the reader's side.</summary>
    /// <exception cref="RabbitMQ.Client.Exceptions.BrokerUnreachableException">The broker is away; the next call tries again.</exception>
    public async ValueTask EnsureAsync(string eventType, CancellationToken ct)
    {
        if (declared.ContainsKey(eventType)) return;
        await turn.WaitAsync(ct);
        try
        {
            if (declared.ContainsKey(eventType)) return;
            if (table.QueuesOf(eventType) is { Count: > 0 } queues) await DeclareAsync(eventType, queues, ct);
            declared[eventType] = true;
        }
        finally { turn.Release(); }
    }

    /// <summary>The broker did not take an event: it may have lost its memory, so everything is declared anew.</summary>
    public void Forget() => declared.Clear();

    public void Dispose() => turn.Dispose();

    private async Task DeclareAsync(string eventType, IReadOnlyList<string> queues, CancellationToken ct)
    {
        await using var connection = await greeting.ConnectAsync("empire-subscribers", ct);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        await channel.ExchangeDeclareAsync(names.Exchange(eventType), ExchangeType.Fanout, durable: true, cancellationToken: ct);
        foreach (var queue in queues.Select(names.Queue))
        {
            await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true, cancellationToken: ct);
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: ct);
            await channel.QueueBindAsync(queue, queue, routingKey: "", cancellationToken: ct);
            await channel.ExchangeBindAsync(queue, names.Exchange(eventType), routingKey: "", cancellationToken: ct);
        }
    }
}
