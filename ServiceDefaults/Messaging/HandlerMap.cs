using System.Collections.Immutable;
using System.Reflection;

namespace Empire.Messaging;

/// <summary>One queue of this service and the class that reads it.</summary>
/// <param name="Events">Every event type the class handles.</param>
internal sealed record HandlerQueue(string Name, Type Handler, ImmutableArray<Type> Events);

/// <summary>Which class of this service handles which event from which queue.</summary>
internal sealed record HandlerMap(ImmutableArray<HandlerQueue> Queues)
{
    /// <exception cref="InvalidOperationException">A handler without a queue, or two on one: each would get only a part of the events.</exception>
    public static HandlerMap From(Assembly service)
    {
        var queues = service.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false })
            .Select(type => (Type: type, Events: EventsOf(type)))
            .Where(handler => handler.Events.Length > 0)
            .Select(handler => new HandlerQueue(QueueOf(handler.Type), handler.Type, handler.Events))
            .OrderBy(queue => queue.Name, StringComparer.Ordinal)
            .ToImmutableArray();
        foreach (var twins in queues.GroupBy(queue => queue.Name).Where(twins => twins.Skip(1).Any()))
            throw new InvalidOperationException($"The queue '{twins.Key}' is read by {string.Join(" and ", twins.Select(twin => twin.Handler.Name))}; give each its own.");
        return new(queues);
    }

    private static ImmutableArray<Type> EventsOf(Type handler) =>
        [.. handler.GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IHandle<>)).Select(i => i.GetGenericArguments()[0])];

    private static string QueueOf(Type handler) =>
        handler.GetCustomAttribute<QueueAttribute>()?.Name
        ?? throw new InvalidOperationException($"{handler.Name} handles events but names no queue: add [Queue(\"service.event\")].");
}
