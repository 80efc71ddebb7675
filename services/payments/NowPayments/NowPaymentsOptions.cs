using System.ComponentModel.DataAnnotations;
using Empire.Credentials;
using Empire.Http;

namespace Empire.Payments.NowPayments;

/// <summary>Section "Providers:NowPayments".</summary>
public sealed class NowPaymentsOptions : ProviderOptions, IValidatableObject
{
    [Required, ProviderKey("gateway")] public string ApiKey { get; set; } = "";

    /// <summary>Signs their notifications.</summary>
    [Required] public string IpnSecret { get; set; } = "";

    /// <summary>Our own wallets, by coin (lower case, as btc): what is paid in the coin goes there. What is paid in a coin without one goes where the account at NOWPayments says, or is changed into <see cref="ConvertTo"/>.</summary>
    public Dictionary<string, PayoutWallet> Payouts { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The coin, with a wallet in <see cref="Payouts"/>, into which NOWPayments changes what is paid in coins that have none. Null: nothing is changed at our word.</summary>
    public string? ConvertTo { get; set; }

    /// <returns>Where what is paid in a coin goes, and as which coin it arrives; null where the account at NOWPayments decides.</returns>
    internal (string Coin, PayoutWallet Wallet)? PayoutOf(string coin) =>
        Payouts.TryGetValue(coin, out var own) ? (coin.ToLowerInvariant(), own) : ConvertTo is { } other ? (other.ToLowerInvariant(), Payouts[other]) : null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (coin, wallet) in Payouts)
        {
            if (!PayoutWallet.IsCoin(coin)) yield return new("a coin as NOWPayments names it, as btc or usdttrc20.", [$"{nameof(Payouts)}:{coin}"]);
            if (!PayoutWallet.IsAddress(wallet.Address)) yield return new("the address of a wallet: 20 to 128 letters and digits, also with : . _ -, and 0x with 40 hexadecimal digits where it begins so.", [$"{nameof(Payouts)}:{coin}:{nameof(wallet.Address)}"]);
            if (!PayoutWallet.IsExtraId(wallet.ExtraId)) yield return new("the memo or tag of the wallet: up to 64 characters without spaces.", [$"{nameof(Payouts)}:{coin}:{nameof(wallet.ExtraId)}"]);
        }
        if (ConvertTo is { } other && !Payouts.ContainsKey(other)) yield return new($"a coin with a wallet: {nameof(Payouts)}:{other}:{nameof(PayoutWallet.Address)} is not set.", [nameof(ConvertTo)]);
    }

    /// <summary>Paid in coins of a test network.</summary>
    public bool Test => Sandbox || BaseAddress?.Host.Contains("sandbox", StringComparison.OrdinalIgnoreCase) == true;
}
