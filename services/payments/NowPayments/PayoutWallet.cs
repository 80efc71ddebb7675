using System.Text.RegularExpressions;

namespace Empire.Payments.NowPayments;

/// <summary>A wallet of ours. What it looks like differs from network to network, so only what no network has is refused here; NOWPayments refuses the rest when it is asked for an address to pay to.</summary>
public sealed partial class PayoutWallet
{
    public string Address { get; set; } = "";

    /// <summary>The memo or tag, on networks whose wallets share an address; null: none.</summary>
    public string? ExtraId { get; set; }

    internal static bool IsCoin(string coin) => Ticker().IsMatch(coin);

    internal static bool IsAddress(string address) => address.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? HexAddress().IsMatch(address) : AnyAddress().IsMatch(address);

    internal static bool IsExtraId(string? extraId) => extraId is null || Memo().IsMatch(extraId);

    [GeneratedRegex("^[A-Za-z0-9]{2,20}$")] private static partial Regex Ticker();

    [GeneratedRegex("^0[xX][0-9a-fA-F]{40}$")] private static partial Regex HexAddress();

    [GeneratedRegex(@"^[A-Za-z0-9:._-]{20,128}$")] private static partial Regex AnyAddress();

    [GeneratedRegex(@"^\S{1,64}$")] private static partial Regex Memo();
}
