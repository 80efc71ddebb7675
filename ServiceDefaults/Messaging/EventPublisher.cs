using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Mime;
using MassTransit;
using MassTransit.Serialization;
using Microsoft.Extensions.Options;

namespace Empire.Messaging;

/// <summary>Sends stored events as they are to the exchange of their type. It needs no CLR type: a body is not parsed on its way out.</summary>
internal sealed class EventPublisher(IBus bus, MessagingNames names, Subscribers subscribers, IOptions<MessagingOptions> options)
{
    /// <summary>RabbitMQ.Client slows a channel down on purpose from 64 unconfirmed messages on.</summary>
    private const int Unconfirmed = 60;

    private readonly ConcurrentDictionary<string, Uri> addresses = new();

    /// <summary>The types sent so far.</summary>
    public IEnumerable<string> Types => addresses.Keys;

    /// <summary>Returns when the broker has confirmed every event.</summary>
    /// <exception cref="TimeoutException">The broker is out of reach or does not confirm in time.</exception>
    public async Task PublishAsync(IReadOnlyList<OutgoingEvent> events, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(options.Value.PublishTimeout);
        try
        {
            foreach (var type in events.Select(e => e.Type).Distinct()) await subscribers.EnsureAsync(type, timeout.Token);
            using var window = new SemaphoreSlim(Unconfirmed);
            await Task.WhenAll(events.Select(e => SendAsync(e, window, timeout.Token)));
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            subscribers.Forget();
            throw new TimeoutException($"The broker did not confirm within {options.Value.PublishTimeout.TotalSeconds} s.", e);
        }
    }

    private async Task SendAsync(OutgoingEvent stored, SemaphoreSlim window, CancellationToken ct)
    {
        await window.WaitAsync(ct); // first come, first sent: the outbox's order
        try { await SendAsync(stored, ct); }
        finally { window.Release(); }
    }

    private async Task SendAsync(OutgoingEvent stored, CancellationToken ct)
    {
        using var activity = ActivityContext.TryParse(stored.Traceparent, null, isRemote: false, out var parent)
            ? MessagingTelemetry.Source.StartActivity($"publish {stored.Type}", ActivityKind.Producer, parent)
            : null;
        // Asked for each time: MassTransit keeps endpoints, and closes those that nobody asked for in a day.
        var endpoint = await bus.GetSendEndpoint(addresses.GetOrAdd(stored.Type, type => new($"exchange:{names.Exchange(type)}?type=fanout")));
        await endpoint.Send(stored, Pipe.Execute<SendContext<OutgoingEvent>>(context =>
        {
            context.MessageId = stored.Id;
            context.Serializer = new StoredBody(stored.Body);
            context.Headers.Set(MessageHeaders.MessageType, MessageUrn(stored.Type));
            context.Headers.Set(MessagingNames.TenantHeader, stored.Tenant.Value.ToString());
            if ((activity?.Id ?? stored.Traceparent) is { } trace) context.Headers.Set(MessagingNames.TraceHeader, trace);
            if (stored.Actor is { } actor) context.Headers.Set(MessagingNames.ActorHeader, actor);
        }), ct);
    }

    /// <summary>MassTransit's name of the type, by which the consumer picks its handler: <c>urn:message:Empire.Contracts:PieceGenerated</c>.</summary>
    private static string MessageUrn(string type)
    {
        var dot = type.LastIndexOf('.');
        return $"urn:message:{type[..dot]}:{type[(dot + 1)..]}";
    }

    private sealed class StoredBody(string body) : IMessageSerializer
    {
        public ContentType ContentType => SystemTextJsonRawMessageSerializer.JsonContentType;

        public MessageBody GetMessageBody<T>(SendContext<T> context) where T : class => new StringMessageBody(body);
    }
}
