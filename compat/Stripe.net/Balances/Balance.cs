namespace Stripe;

/// <summary>What an account has at Stripe, by currency.</summary>
public class Balance : StripeEntity<Balance>, IHasObject
{
    public string Object { get; set; }
    public List<BalanceAmount> Available { get; set; }
    public List<BalanceAmount> ConnectReserved { get; set; }
    public List<BalanceInstantAvailable> InstantAvailable { get; set; }
    public BalanceIssuing Issuing { get; set; }
    public bool Livemode { get; set; }
    public List<BalanceAmount> Pending { get; set; }
}

public class BalanceAmount : StripeEntity<BalanceAmount>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public string Currency { get; set; }
    public Dictionary<string, long> SourceTypes { get; set; }
}

public class BalanceInstantAvailable : StripeEntity<BalanceInstantAvailable>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public string Currency { get; set; }
    public BalanceInstantAvailableSourceTypes SourceTypes { get; set; }
}

public class BalanceInstantAvailableSourceTypes : StripeEntity<BalanceInstantAvailableSourceTypes>
{
    public long BankAccount { get; set; }
    public long Card { get; set; }
}

public class BalanceIssuing : StripeEntity<BalanceIssuing>
{
    public List<BalanceAmount> Available { get; set; }
}
