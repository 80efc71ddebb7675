using System.Collections.Frozen;
using System.Text.Json;
using Empire.Http;
using Empire.Payments.Facts;

namespace Empire.Payments.NowPayments;

/// <summary>What may be paid in, as NOWPayments lists it; asked for again after a quarter of an hour.</summary>
public sealed class Coins(IHttpClientFactory clients, TimeProvider clock)
{
    private static readonly TimeSpan KnownFor = TimeSpan.FromMinutes(15);
    private (FrozenSet<string> Names, DateTimeOffset Until)? known;

    /// <param name="coin">Lower case, as btc.</param>
    /// <exception cref="ProviderException">The list cannot be had.</exception>
    public async Task<bool> HaveAsync(string coin, CancellationToken ct)
    {
        if (known is not { } list || list.Until < clock.GetUtcNow())
        {
            using var http = clients.CreateClient(NowPaymentsSetup.Provider);
            using var response = await http.GetAsync("currencies", ct);
            if (!response.IsSuccessStatusCode) throw await ProviderException.FromAsync(NowPaymentsSetup.Provider, response, ct);
            var names = (await response.Content.ReadFromJsonAsync<JsonElement>(ct)).Part("currencies").EnumerateArray().Select(name => name.GetString()!.ToLowerInvariant()).ToFrozenSet(StringComparer.Ordinal);
            known = list = (names, clock.GetUtcNow() + KnownFor);
        }
        return list.Names.Contains(coin);
    }
}
