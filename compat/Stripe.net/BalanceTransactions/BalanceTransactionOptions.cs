namespace Stripe;

/// <summary>Parameters of <c>GET /v1/balance_transactions/{id}</c>.</summary>
public class BalanceTransactionGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/balance_transactions</c>.</summary>
public class BalanceTransactionListOptions : ListOptionsWithCreated
{
    public string Currency { get; set; }
    public string Payout { get; set; }
    public string Source { get; set; }
    public string Type { get; set; }
}
