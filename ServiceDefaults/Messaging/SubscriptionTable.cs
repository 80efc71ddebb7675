using System.Collections.Frozen;

namespace Empire.Messaging;

/// <summary>Which queues hear an event, by the event's full name.</summary>
internal sealed class SubscriptionTable
{
    private readonly FrozenDictionary<string, string[]> queues;

    /// <param name="map">What this service really handles.</param>
    /// <exception cref="InvalidOperationException">The table and the handlers of this service disagree.</exception>
    public SubscriptionTable(IReadOnlyDictionary<string, IReadOnlyList<Type>> subscriptions, HandlerMap map)
    {
        var own = map.Queues.Select(queue => ServiceOf(queue.Name)).ToHashSet();
        var wrong = map.Queues.Where(queue => !subscriptions.TryGetValue(queue.Name, out var events) || !events.ToHashSet().SetEquals(queue.Events))
            .Select(queue => $"'{queue.Name}' with {string.Join(", ", queue.Events.Select(type => type.Name))} is not in it as such")
            .Concat(subscriptions.Keys.Where(name => own.Contains(ServiceOf(name)) && map.Queues.All(queue => queue.Name != name))
                .Select(name => $"nobody reads '{name}'"))
            .ToList();
        if (wrong.Count > 0) throw new InvalidOperationException($"The table of subscriptions disagrees with the handlers of this service: {string.Join("; ", wrong)}.");
        queues = subscriptions.SelectMany(entry => entry.Value.Select(type => (Type: type.FullName!, Queue: entry.Key)))
            .GroupBy(pair => pair.Type, pair => pair.Queue)
            .ToFrozenDictionary(group => group.Key, group => group.Order(StringComparer.Ordinal).ToArray());
    }

    public IReadOnlyList<string> QueuesOf(string eventType) => queues.GetValueOrDefault(eventType) ?? [];

    private static string ServiceOf(string queue) => queue.Split('.')[0];
}
