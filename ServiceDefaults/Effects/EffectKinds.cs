using System.Collections.Concurrent;

namespace Empire.Effects;

/// <summary>Which kind an intent type is; set once per type at registration.</summary>
internal static class EffectKinds
{
    private static readonly ConcurrentDictionary<Type, string> Kinds = new();

    public static void Register<TIntent>(string kind) => Kinds[typeof(TIntent)] = kind;

    /// <exception cref="InvalidOperationException">No handler was registered for the intent.</exception>
    public static string Of<TIntent>() =>
        Kinds.TryGetValue(typeof(TIntent), out var kind) ? kind : throw new InvalidOperationException($"No effect handler is registered for {typeof(TIntent).Name}.");
}
