namespace Stripe;

public class ChargeService : Service<Charge>
{
    public ChargeService()
    {
    }

    public ChargeService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/charges";

    /// <summary><c>POST /v1/charges/{id}/capture</c>.</summary>
    public virtual Task<Charge> CaptureAsync(string id, ChargeCaptureOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/capture", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/charges</c>.</summary>
    public virtual Task<Charge> CreateAsync(ChargeCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/charges/{id}</c>.</summary>
    public virtual Task<Charge> GetAsync(string id, ChargeGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/charges</c>.</summary>
    public virtual Task<StripeList<Charge>> ListAsync(ChargeListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<Charge>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/charges</c>; all pages.</summary>
    public virtual IAsyncEnumerable<Charge> ListAutoPagingAsync(ChargeListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<Charge>(ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/charges/search</c>.</summary>
    public virtual Task<StripeSearchResult<Charge>> SearchAsync(ChargeSearchOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeSearchResult<Charge>>(HttpMethod.Get, $"{ClassUrl()}/search", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/charges/search</c>; all pages.</summary>
    public virtual IAsyncEnumerable<Charge> SearchAutoPagingAsync(ChargeSearchOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        SearchRequestAutoPagingAsync<Charge>($"{ClassUrl()}/search", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/charges/{id}</c>.</summary>
    public virtual Task<Charge> UpdateAsync(string id, ChargeUpdateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, InstanceUrl(id), options, requestOptions, cancellationToken);
}
