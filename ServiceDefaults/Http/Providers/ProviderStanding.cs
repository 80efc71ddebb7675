using System.Collections.Concurrent;

namespace Empire.Http;

/// <summary>What the calls of this process have shown of a provider: circuits that are open, and a key that it does not take. On the machine's clock, as the circuits are.</summary>
internal sealed class ProviderStanding(TimeProvider clock)
{
    /// <summary>A circuit closes by a call that succeeds. Where nobody has called for so long, an old failure says nothing about now.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> open = new(StringComparer.Ordinal);
    private long keyRefusedAt;

    public void Opened(string circuit) => open[circuit] = clock.GetUtcNow();

    public void Closed(string circuit) => open.TryRemove(circuit, out _);

    /// <summary>Of a call in the installation's own name: calls for a part of the provider may show somebody else's token.</summary>
    public void Answered(bool keyRefused) => Interlocked.Exchange(ref keyRefusedAt, keyRefused ? clock.GetUtcNow().UtcTicks : 0);

    /// <returns>Null while calls go through.</returns>
    public string? Fault()
    {
        var now = clock.GetUtcNow();
        foreach (var (circuit, at) in open)
            if (now - at > Lately) open.TryRemove(KeyValuePair.Create(circuit, at));
        return open.IsEmpty ? null : $"Half of its calls failed; last seen at {open.Values.Max():HH:mm:ss} UTC. It is tried again every few seconds that somebody needs it.";
    }

    /// <returns>Null where the provider took the key the last time, or was never asked.</returns>
    public string? KeyFault() => Interlocked.Read(ref keyRefusedAt) is > 0 and var at ? $"Its key was refused (401) at {new DateTimeOffset(at, TimeSpan.Zero):yyyy-MM-dd HH:mm:ss} UTC." : null;
}
