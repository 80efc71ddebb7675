using Empire.Data;

namespace Empire.Messaging;

/// <summary>Reacts to an event inside one transaction: the kernel opens the work for the event's tenant, records the message id in the inbox and commits, so that a
/// repeated delivery changes nothing and a failed one leaves nothing. The class carries <see cref="QueueAttribute"/>.</summary>
public interface IHandle<in TEvent> where TEvent : class
{
    /// <param name="work">Already open for the event's tenant; the kernel commits it. No outside call belongs here: plan an effect.</param>
    Task HandleAsync(TEvent fact, Work work, CancellationToken ct);
}

/// <summary>The queue a handler reads: <c>{service}.{event}</c>. Fixed here, so that renaming a class never renames a queue.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class QueueAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
