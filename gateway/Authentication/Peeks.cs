using System.Collections.Concurrent;

namespace Empire.Gateway.Authentication;

/// <summary>Bodies that are looked into before anybody knows whose they are rest in memory until then: of one address so many at once, whatever their number.</summary>
internal sealed class Peeks
{
    /// <summary>Hosts behind one address report within milliseconds, one after the other; sixteen bodies of 4 MiB are 64 MiB.</summary>
    public const int Most = 16;

    private readonly ConcurrentDictionary<string, int> open = new();

    /// <returns>To be disposed of when it is known who calls; null when the address has as many open as it may.</returns>
    public Peek? Begin(string origin)
    {
        var count = open.AddOrUpdate(origin, 1, static (_, count) => count + 1);
        if (count <= Most) return new(this, origin);
        End(origin);
        return null;
    }

    private void End(string origin)
    {
        if (open.AddOrUpdate(origin, 0, static (_, count) => count - 1) <= 0) open.TryRemove(new(origin, 0));   // nobody's counter stays
    }

    internal sealed class Peek(Peeks peeks, string origin) : IDisposable
    {
        public void Dispose() => peeks.End(origin);
    }
}
