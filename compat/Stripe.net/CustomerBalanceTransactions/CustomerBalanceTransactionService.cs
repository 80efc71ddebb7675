namespace Stripe;

public class CustomerBalanceTransactionService : ServiceNested<CustomerBalanceTransaction>
{
    public CustomerBalanceTransactionService()
    {
    }

    public CustomerBalanceTransactionService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/customers/{PARENT_ID}/balance_transactions";

    /// <summary><c>POST /v1/customers/{parentId}/balance_transactions</c>.</summary>
    public virtual Task<CustomerBalanceTransaction> CreateAsync(string parentId, CustomerBalanceTransactionCreateOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(parentId), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/customers/{parentId}/balance_transactions/{id}</c>.</summary>
    public virtual Task<CustomerBalanceTransaction> GetAsync(string parentId, string id, CustomerBalanceTransactionGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(parentId, id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/customers/{parentId}/balance_transactions</c>.</summary>
    public virtual Task<StripeList<CustomerBalanceTransaction>> ListAsync(string parentId, CustomerBalanceTransactionListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<CustomerBalanceTransaction>>(HttpMethod.Get, ClassUrl(parentId), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/customers/{parentId}/balance_transactions</c>; all pages.</summary>
    public virtual IAsyncEnumerable<CustomerBalanceTransaction> ListAutoPagingAsync(string parentId, CustomerBalanceTransactionListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<CustomerBalanceTransaction>(ClassUrl(parentId), options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/customers/{parentId}/balance_transactions/{id}</c>.</summary>
    public virtual Task<CustomerBalanceTransaction> UpdateAsync(string parentId, string id, CustomerBalanceTransactionUpdateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, InstanceUrl(parentId, id), options, requestOptions, cancellationToken);
}
