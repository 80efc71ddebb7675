namespace Stripe;

public class BalanceTransactionService : Service<BalanceTransaction>
{
    public BalanceTransactionService()
    {
    }

    public BalanceTransactionService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/balance_transactions";

    /// <summary><c>GET /v1/balance_transactions/{id}</c>.</summary>
    public virtual Task<BalanceTransaction> GetAsync(string id, BalanceTransactionGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/balance_transactions</c>.</summary>
    public virtual Task<StripeList<BalanceTransaction>> ListAsync(BalanceTransactionListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<BalanceTransaction>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/balance_transactions</c>; all pages.</summary>
    public virtual IAsyncEnumerable<BalanceTransaction> ListAutoPagingAsync(BalanceTransactionListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<BalanceTransaction>(ClassUrl(), options, requestOptions, cancellationToken);
}
