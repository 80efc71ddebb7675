namespace Stripe;

public class TransferService : Service<Transfer>
{
    public TransferService()
    {
    }

    public TransferService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/transfers";

    /// <summary><c>POST /v1/transfers</c>.</summary>
    public virtual Task<Transfer> CreateAsync(TransferCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/transfers/{id}</c>.</summary>
    public virtual Task<Transfer> GetAsync(string id, TransferGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/transfers</c>.</summary>
    public virtual Task<StripeList<Transfer>> ListAsync(TransferListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<Transfer>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/transfers</c>; all pages.</summary>
    public virtual IAsyncEnumerable<Transfer> ListAutoPagingAsync(TransferListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<Transfer>(ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/transfers/{id}</c>.</summary>
    public virtual Task<Transfer> UpdateAsync(string id, TransferUpdateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, InstanceUrl(id), options, requestOptions, cancellationToken);
}
