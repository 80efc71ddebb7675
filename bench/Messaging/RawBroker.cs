using System.Diagnostics;
using System.Text;
using Empire.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Empire.Bench.Messaging;

/// <summary>The floor: RabbitMQ's own client publishing with confirms to a quorum queue and consuming with acknowledgements. No database, no outbox,
/// no inbox, no handler.</summary>
internal sealed class RawBroker : IAsyncDisposable
{
    private const int Unconfirmed = 60; // as the kernel: the client slows a channel down on purpose beyond
    private const int Prefetch = 120;

    private readonly string queue = $"bench.raw.{Guid.CreateVersion7():n}";
    private readonly byte[] body;
    private readonly SemaphoreSlim handled = new(0);
    private readonly IConnection connection;
    private readonly IChannel publishing;
    private readonly IChannel consuming;

    private RawBroker(IConnection connection, IChannel publishing, IChannel consuming, string body)
    {
        (this.connection, this.publishing, this.consuming, this.body) = (connection, publishing, consuming, Encoding.UTF8.GetBytes(body));
    }

    public static async Task<RawBroker> StartAsync(string body)
    {
        var line = await TestBroker.ConnectAsync();
        var confirming = await line.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var raw = new RawBroker(line, confirming, await line.CreateChannelAsync(), body);
        await raw.ConsumeAsync();
        return raw;
    }

    /// <returns>Messages a second, from the first publish to the last acknowledgement.</returns>
    public async Task<double> RateAsync(int messages)
    {
        var started = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < messages; sent += Unconfirmed)
            await Task.WhenAll(Enumerable.Range(0, Math.Min(Unconfirmed, messages - sent)).Select(_ => PublishAsync()));
        for (var seen = 0; seen < messages; seen++) await handled.WaitAsync();
        return messages / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public async Task<Latencies> LatenciesAsync(int messages)
    {
        var latencies = new Latencies();
        for (var i = 0; i < messages; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await PublishAsync();
            await handled.WaitAsync();
            latencies.Add(Stopwatch.GetElapsedTime(started));
        }
        return latencies;
    }

    private async Task PublishAsync() =>
        await publishing.BasicPublishAsync("", queue, mandatory: true, new BasicProperties { DeliveryMode = DeliveryModes.Persistent }, body);

    private async Task ConsumeAsync()
    {
        await consuming.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        await consuming.BasicQosAsync(0, Prefetch, global: false);
        var consumer = new AsyncEventingBasicConsumer(consuming);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            await consuming.BasicAckAsync(delivery.DeliveryTag, multiple: false);
            handled.Release();
        };
        await consuming.BasicConsumeAsync(queue, autoAck: false, consumer);
    }

    public async ValueTask DisposeAsync()
    {
        await consuming.QueueDeleteAsync(queue);
        await publishing.DisposeAsync();
        await consuming.DisposeAsync();
        await connection.DisposeAsync();
        handled.Dispose();
    }
}
