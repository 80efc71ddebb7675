namespace Stripe;

/// <summary>Parameters of <c>POST /v1/customers/{parentId}/balance_transactions</c>.</summary>
public class CustomerBalanceTransactionCreateOptions : BaseOptions, IHasMetadata
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string Currency { get; set; }
    public string Description { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
}

/// <summary>Parameters of <c>GET /v1/customers/{parentId}/balance_transactions/{id}</c>.</summary>
public class CustomerBalanceTransactionGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/customers/{parentId}/balance_transactions</c>.</summary>
public class CustomerBalanceTransactionListOptions : ListOptions;

/// <summary>Parameters of <c>POST /v1/customers/{parentId}/balance_transactions/{id}</c>.</summary>
public class CustomerBalanceTransactionUpdateOptions : BaseOptions, IHasMetadata
{
    public string Description { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
}
