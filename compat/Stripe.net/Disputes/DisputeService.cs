namespace Stripe;

public class DisputeService : Service<Dispute>
{
    public DisputeService()
    {
    }

    public DisputeService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/disputes";

    /// <summary><c>POST /v1/disputes/{id}/close</c>.</summary>
    public virtual Task<Dispute> CloseAsync(string id, DisputeCloseOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/close", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/disputes/{id}</c>.</summary>
    public virtual Task<Dispute> GetAsync(string id, DisputeGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/disputes</c>.</summary>
    public virtual Task<StripeList<Dispute>> ListAsync(DisputeListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<Dispute>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/disputes</c>; all pages.</summary>
    public virtual IAsyncEnumerable<Dispute> ListAutoPagingAsync(DisputeListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<Dispute>(ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/disputes/{id}</c>.</summary>
    public virtual Task<Dispute> UpdateAsync(string id, DisputeUpdateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, InstanceUrl(id), options, requestOptions, cancellationToken);
}
