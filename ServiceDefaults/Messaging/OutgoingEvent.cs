using System.Diagnostics;
using System.Text.Json;

namespace Empire.Messaging;

/// <summary>An event as the outbox stores it, with what must cross the bus beside its body.</summary>
/// <param name="Id">The message id; consumers' inboxes know a repeat by it.</param>
/// <param name="Type">The contract's full name, as in <c>Empire.Contracts.ConversionRecorded</c>.</param>
/// <param name="Traceparent">W3C trace context of the work that published it; null outside a trace.</param>
/// <param name="Actor">Who set it off, for the audit trail; null for the system's own doing.</param>
internal sealed record OutgoingEvent(Guid Id, TenantId Tenant, string Type, string Body, string? Traceparent, string? Actor, DateTimeOffset CreatedAt)
{
    public static OutgoingEvent From<TEvent>(TEvent fact, TenantId tenant, DateTimeOffset now) where TEvent : class =>
        new(Guid.CreateVersion7(now), tenant, fact.GetType().FullName!, JsonSerializer.Serialize(fact, fact.GetType(), EventJson.Options), Activity.Current?.Id, Empire.Actor.Current, now);
}
