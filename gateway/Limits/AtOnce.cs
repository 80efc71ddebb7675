using System.Collections.Concurrent;

namespace Empire.Gateway.Limits;

/// <summary>What of one address goes on so many times at once, whatever its number: bodies that are looked into before anybody knows whose they are rest in memory until then, and a service works for messages
/// from where too much failed.</summary>
internal sealed class AtOnce
{
    /// <summary>Hosts behind one address report within milliseconds, one after the other; sixteen bodies of 4 MiB are 64 MiB.</summary>
    public const int Most = 16;

    private readonly ConcurrentDictionary<(string What, string Origin), int> open = new();

    /// <returns>To be disposed of when it is over; null when the address has as many under way as it may.</returns>
    public Place? Begin(string what, string origin)
    {
        var count = open.AddOrUpdate((what, origin), 1, static (_, count) => count + 1);
        if (count <= Most) return new(this, (what, origin));
        End((what, origin));
        return null;
    }

    private void End((string What, string Origin) whose)
    {
        if (open.AddOrUpdate(whose, 0, static (_, count) => count - 1) <= 0) open.TryRemove(new(whose, 0));   // nobody's counter stays
    }

    internal sealed class Place(AtOnce places, (string What, string Origin) whose) : IDisposable
    {
        public void Dispose() => places.End(whose);
    }
}
