namespace Stripe;

public class TransferReversalService : ServiceNested<TransferReversal>
{
    public TransferReversalService()
    {
    }

    public TransferReversalService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/transfers/{PARENT_ID}/reversals";

    /// <summary><c>POST /v1/transfers/{parentId}/reversals</c>.</summary>
    public virtual Task<TransferReversal> CreateAsync(string parentId, TransferReversalCreateOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(parentId), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/transfers/{parentId}/reversals/{id}</c>.</summary>
    public virtual Task<TransferReversal> GetAsync(string parentId, string id, TransferReversalGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(parentId, id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/transfers/{parentId}/reversals</c>.</summary>
    public virtual Task<StripeList<TransferReversal>> ListAsync(string parentId, TransferReversalListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<TransferReversal>>(HttpMethod.Get, ClassUrl(parentId), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/transfers/{parentId}/reversals</c>; all pages.</summary>
    public virtual IAsyncEnumerable<TransferReversal> ListAutoPagingAsync(string parentId, TransferReversalListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<TransferReversal>(ClassUrl(parentId), options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/transfers/{parentId}/reversals/{id}</c>.</summary>
    public virtual Task<TransferReversal> UpdateAsync(string parentId, string id, TransferReversalUpdateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, InstanceUrl(parentId, id), options, requestOptions, cancellationToken);
}
