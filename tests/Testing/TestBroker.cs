using Empire.Messaging;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace Empire.Testing;

/// <summary>Leaves the shared broker as it was found: what a service under test made there goes with it.</summary>
public static class TestBroker
{
    /// <summary>Deletes the queues and exchanges of a service; nothing when it has no messaging.</summary>
    public static async Task CleanAsync(IServiceProvider service)
    {
        if (service.GetService<HandlerMap>() is not { } map) return;
        var names = service.GetRequiredService<MessagingNames>();
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var published = service.GetRequiredService<EventPublisher>().Types.ToList();
        var subscriptions = service.GetRequiredService<SubscriptionTable>();
        foreach (var queue in map.Queues.Select(queue => queue.Name).Concat(published.SelectMany(subscriptions.QueuesOf)).Distinct())
        {
            foreach (var name in (string[])[names.Queue(queue), names.ErrorQueue(queue)])
            {
                await channel.QueueDeleteAsync(name);
                await channel.ExchangeDeleteAsync(name);
            }
        }
        await channel.ExchangeDeleteAsync(names.Exchange("MassTransit.ReceiveFault"));
        foreach (var type in map.Queues.SelectMany(queue => queue.Events).Select(type => type.FullName!).Concat(published).Distinct())
            await channel.ExchangeDeleteAsync(names.Exchange(type));
    }

    /// <summary>A bare connection, for what only a test does: reading an error queue, sending a message by hand.</summary>
    public static Task<IConnection> ConnectAsync() => new ConnectionFactory { Uri = new(TestServers.RabbitMq) }.CreateConnectionAsync();
}
