using System.Collections.Concurrent;
using System.Net;
using Empire.Http;

namespace Empire.Gateway.Authentication;

/// <summary>The client's address as services believe it. One signature serves an address for half a minute, a quarter of its life.</summary>
internal sealed class AddressSignatures(CallerToken tokens, TimeProvider clock)
{
    private const int MostKept = 10_000;
    private static readonly TimeSpan Reuse = CallerToken.Lifetime / 4;

    private readonly ConcurrentDictionary<IPAddress, (string Signed, long At)> kept = new();

    public string Of(IPAddress address)
    {
        var now = clock.GetTimestamp();
        if (kept.TryGetValue(address, out var known) && clock.GetElapsedTime(known.At, now) < Reuse) return known.Signed;
        if (kept.Count >= MostKept) kept.Clear();
        var signed = tokens.SignAddress(address);
        kept[address] = (signed, now);
        return signed;
    }
}
