namespace Empire.Payments.Ledger;

/// <summary>The chart of accounts: <c>{kind}:{name}</c>, per tenant and currency. The kind says on which side an account grows.</summary>
public static class Accounts
{
    /// <summary>What a provider holds for us until it pays out: <c>cash:stripe</c>.</summary>
    public static string Cash(string provider) => $"cash:{provider}";

    /// <summary>Paid out to the bank.</summary>
    public const string Bank = "cash:bank";

    /// <summary>How the accounts of our own wallets begin.</summary>
    public const string Wallets = "cash:wallet-";

    /// <summary>Coins that went to a wallet of ours, in the currency of the prices that they paid: <c>cash:wallet-btc</c>.</summary>
    /// <param name="coin">As which they arrived there.</param>
    public static string Wallet(string coin) => Wallets + NameOf(coin);

    /// <summary>Promised, not yet paid: <c>receivable:meadow</c>.</summary>
    public static string Receivable(string debtor) => $"receivable:{debtor}";

    /// <summary>Taken back by card issuers until a dispute is decided.</summary>
    public static string DisputesHeld(string provider) => $"held:{provider}-disputes";

    /// <summary>Owed to the users who sell through the platform.</summary>
    public const string ConnectedAccounts = "payable:connected-accounts";

    /// <summary>Owed for what was used: <c>payable:llm</c>.</summary>
    public static string Payable(string category) => $"payable:{category}";

    /// <summary>Coupons' and referrals' credit that customers may still use.</summary>
    public const string CustomerCredit = "payable:customer-credit";

    /// <summary>Credit and debt that customers have at Stripe, which its next invoice takes.</summary>
    public const string CreditAtStripe = "payable:customer-credit-at-stripe";

    /// <summary>sales, subscription, affiliate, ads, sponsored, lead or platform-fee.</summary>
    public static string Revenue(string source) => $"revenue:{source}";

    /// <summary>Given back to payers; reduces revenue.</summary>
    public const string Refunds = "revenue:refunds";

    /// <summary>Between two currencies: what went out of one came into the other; what is left after both are valued is gain or loss.</summary>
    public const string Exchange = "fx:exchange";

    /// <summary>Kept by a provider: <c>fee:stripe</c>.</summary>
    public static string Fee(string provider) => $"fee:{provider}";

    /// <summary>Lost to payers who disputed.</summary>
    public const string DisputeLosses = "cost:dispute-losses";

    /// <summary>Given away as credit.</summary>
    public const string Promotions = "cost:promotions";

    /// <summary>llm, post, voice, video, image, gpu, ads, mail, hosting, fee or other.</summary>
    public static string Cost(string category) => $"cost:{category}";

    /// <summary>asset, liability, income, expense or exchange; by the kind alone.</summary>
    public static string TypeOf(string account) => account[..account.IndexOf(':', StringComparison.Ordinal)] switch
    {
        "cash" or "receivable" or "held" => "asset",
        "payable" => "liability",
        "revenue" => "income",
        "fee" or "cost" => "expense",
        "fx" => "exchange",
        var kind => throw new ArgumentException($"{kind} is no kind of account.", nameof(account)),
    };

    /// <summary>An outside name as an account's: lower case, anything but letters, digits, <c>_</c>, <c>.</c> and <c>-</c> as one <c>-</c>; <c>unknown</c> where nothing is left.</summary>
    public static string NameOf(string text)
    {
        var name = string.Concat(text.Trim().ToLowerInvariant().Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '.' or '-' ? c : ' '));
        return string.Join('-', name.Split(' ', StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } kept ? kept : "unknown";
    }
}
