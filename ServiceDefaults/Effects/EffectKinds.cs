using System.Collections.Concurrent;

namespace Empire.Effects;

/// <summary>Which kind an intent type is; set once per type at registration.</summary>
internal static class EffectKinds
{
    private static readonly ConcurrentDictionary<Type, string> Kinds = new();
    private static readonly ConcurrentDictionary<string, bool> GoingOn = new();

    /// <summary>The kinds that are performed also for closed accounts.</summary>
    public static string[] WhenClosed => [.. GoingOn.Keys];

    public static void Register<TIntent>(string kind, bool whenClosed = false)
    {
        Kinds[typeof(TIntent)] = kind;
        if (whenClosed) GoingOn[kind] = true;
    }

    /// <exception cref="InvalidOperationException">No handler was registered for the intent.</exception>
    public static string Of<TIntent>() =>
        Kinds.TryGetValue(typeof(TIntent), out var kind) ? kind : throw new InvalidOperationException($"No effect handler is registered for {typeof(TIntent).Name}.");
}
