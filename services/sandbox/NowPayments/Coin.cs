using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;

namespace Empire.Sandbox.NowPayments;

/// <summary>A coin that can be paid with, on one network.</summary>
/// <param name="Usd">What it is worth here; fixed, so that a test knows what to expect.</param>
/// <param name="NeedsMemo">A payment names a memo (tag) beside the address.</param>
sealed record Coin(string Ticker, string Name, string Network, decimal Usd, bool NeedsMemo, int Priority)
{
    const string Base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    const string Hex = "0123456789abcdef";
    static readonly FrozenSet<string> Evm = "eth bsc matic avaxc op arbitrum base zksync linea etc ftm celo glmr movr cro core mnt canto evmos ethw xdc flr sgb one klay kub iotx".Split(' ').ToFrozenSet();

    public static IReadOnlyList<Coin> All { get; } = [.. Resource.Lines("coins/coins.csv").Where(l => l.Length > 0 && l[0] != '#').Select(Parse)];

    static readonly FrozenDictionary<string, Coin> ByTicker = All.ToFrozenDictionary(c => c.Ticker);

    public static Coin? Find(string? ticker) => ticker is null ? null : ByTicker.GetValueOrDefault(ticker.ToLowerInvariant());

    public bool IsEvm => Evm.Contains(Network);

    public string AddressPattern => IsEvm ? "^0x[a-fA-F0-9]{40}$" : Network == "trx" ? "^T[1-9A-HJ-NP-Za-km-z]{33}$" : "^[1-9A-HJ-NP-Za-km-z]{34,44}$";

    /// <summary>A fresh address in the network's form; nobody holds its key.</summary>
    public string NewAddress() => IsEvm ? "0x" + RandomNumberGenerator.GetString(Hex, 40)
        : Network == "trx" ? "T" + RandomNumberGenerator.GetString(Base58, 33)
        : RandomNumberGenerator.GetString(Base58, 34);

    /// <summary>At most eight decimals and fifteen digits, which a JavaScript number carries exactly.</summary>
    public decimal FromUsd(decimal usd)
    {
        var amount = usd / Usd;
        var whole = decimal.Truncate(amount).ToString(CultureInfo.InvariantCulture).Length;
        return decimal.Round(amount, Math.Clamp(15 - whole, 0, 8), MidpointRounding.AwayFromZero);
    }

    /// <summary>The smallest payment: worth a dollar.</summary>
    public decimal Smallest => FromUsd(1);

    static Coin Parse(string line, int index)
    {
        var parts = line.Split(',');
        return new(parts[0], parts[1], parts[2], decimal.Parse(parts[3], CultureInfo.InvariantCulture), parts[4] == "memo", index + 1);
    }
}

/// <summary>What prices are quoted in, with a fixed worth in US dollars.</summary>
static class Fiat
{
    static readonly FrozenDictionary<string, decimal> Usd = new Dictionary<string, decimal>
    {
        ["usd"] = 1m, ["eur"] = 1.08m, ["gbp"] = 1.27m, ["jpy"] = 0.0065m, ["ngn"] = 0.00065m, ["cad"] = 0.73m, ["aud"] = 0.66m, ["chf"] = 1.12m, ["inr"] = 0.012m, ["brl"] = 0.18m, ["zar"] = 0.055m,
    }.ToFrozenDictionary();

    /// <returns>What one unit is worth in US dollars; null when it is neither such a currency nor a coin.</returns>
    public static decimal? Worth(string currency) => Usd.TryGetValue(currency.ToLowerInvariant(), out var usd) ? usd : Coin.Find(currency)?.Usd;
}
