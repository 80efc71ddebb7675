using System.Text.Json;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Empire.EndToEnd.Tests;

/// <summary>Events of one type as the installation's broker delivers them to whoever subscribes, from now on.</summary>
internal sealed class HeardEvents : IAsyncDisposable
{
    private readonly Channel<JsonElement> heard = Channel.CreateUnbounded<JsonElement>();
    private readonly IConnection connection;

    private HeardEvents(IConnection connection) => this.connection = connection;

    public static async Task<HeardEvents> StartAsync(Uri broker, string eventType)
    {
        var events = new HeardEvents(await new ConnectionFactory { Uri = broker }.CreateConnectionAsync());
        var channel = await events.connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(eventType, ExchangeType.Fanout, durable: true);
        var queue = await channel.QueueDeclareAsync(); // its own, gone with the connection
        await channel.QueueBindAsync(queue.QueueName, eventType, "");
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            using var body = JsonDocument.Parse(delivery.Body);
            events.heard.Writer.TryWrite((body.RootElement.TryGetProperty("message", out var message) ? message : body.RootElement).Clone());
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer);
        return events;
    }

    /// <summary>The first that is wanted; others are passed over.</summary>
    public async Task<JsonElement> FirstAsync(Func<JsonElement, bool> wanted)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await foreach (var told in heard.Reader.ReadAllAsync(patience.Token))
            if (wanted(told)) return told;
        throw new InvalidOperationException("The connection to the broker has ended.");
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
