using MassTransit;

namespace Empire.Messaging;

/// <summary>What exchanges, queues and headers are called on the broker.</summary>
internal sealed class MessagingNames(string prefix) : IEntityNameFormatter
{
    public const string TenantHeader = "empire-tenant";
    public const string ActorHeader = "empire-actor";
    public const string TraceHeader = "traceparent";

    /// <summary>One fanout exchange per event type, under the contract's full name; every interested queue is bound to it.</summary>
    public string Exchange(string eventType) => prefix + eventType;

    public string Queue(string name) => prefix + name;

    public string ErrorQueue(string name) => Queue(name) + "_error";

    string IEntityNameFormatter.FormatEntityName<T>() => Exchange(typeof(T).FullName!);
}
