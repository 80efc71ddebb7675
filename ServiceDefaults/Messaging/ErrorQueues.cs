using Empire.Data;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Empire.Messaging;

/// <summary>The messages of this service that failed for good: how many, and back to their handlers.</summary>
internal sealed class ErrorQueues(HandlerMap map, MessagingNames names, Database database, IOptions<MessagingOptions> options)
{
    private static readonly CreateChannelOptions Confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    public IEnumerable<string> Queues => map.Queues.Select(queue => queue.Name);

    /// <exception cref="BrokerUnreachableException">The broker is away.</exception>
    public async Task<IReadOnlyDictionary<string, uint>> CountAsync(CancellationToken ct)
    {
        await using var connection = await ConnectAsync(ct);
        var counts = new Dictionary<string, uint>();
        foreach (var queue in Queues)
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: ct); // its own: a missing queue closes it
            counts[queue] = await CountAsync(channel, queue, ct);
        }
        return counts;
    }

    /// <summary>Moves every message that is in the error queue now back to its queue. A crash in between leaves a message in both; the inbox knows it.</summary>
    /// <returns>How many were moved.</returns>
    /// <exception cref="BrokerUnreachableException">The broker is away.</exception>
    public async Task<int> RedriveAsync(string queue, CancellationToken ct)
    {
        await using var connection = await ConnectAsync(ct);
        await using var channel = await connection.CreateChannelAsync(Confirmed, ct);
        var waiting = await CountAsync(channel, queue, ct);
        var moved = 0;
        while (moved < waiting && await channel.BasicGetAsync(names.ErrorQueue(queue), autoAck: false, ct) is { } message)
        {
            if (Guid.TryParse(message.BasicProperties.MessageId, out var id)) await ForgetAsync(queue, id, ct);
            await channel.BasicPublishAsync(exchange: "", names.Queue(queue), mandatory: true, Clean(message.BasicProperties), message.Body, ct); // returns when confirmed
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, CancellationToken.None);
            moved++;
        }
        return moved;
    }

    private async Task ForgetAsync(string queue, Guid message, CancellationToken ct)
    {
        await using var work = await database.BeginSystemAsync(ct);
        await FailureTable.RemoveAsync(work, queue, message, ct);
        await work.CommitAsync(ct);
    }

    /// <summary>Without what the last failure wrote on it.</summary>
    private static BasicProperties Clean(IReadOnlyBasicProperties from) => new(from)
    {
        Headers = from.Headers?.Where(header => !header.Key.StartsWith("MT-Fault", StringComparison.Ordinal) && header.Key != "MT-Reason")
            .ToDictionary(header => header.Key, header => header.Value),
    };

    private async Task<uint> CountAsync(IChannel channel, string queue, CancellationToken ct)
    {
        try
        {
            return await channel.MessageCountAsync(names.ErrorQueue(queue), ct);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return 0; // made with the first failure
        }
    }

    private Task<IConnection> ConnectAsync(CancellationToken ct) =>
        new ConnectionFactory { Uri = options.Value.Address!, AutomaticRecoveryEnabled = false }.CreateConnectionAsync("empire-error-queues", ct);
}
