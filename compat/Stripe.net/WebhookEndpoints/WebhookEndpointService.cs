namespace Stripe;

public class WebhookEndpointService : Service<WebhookEndpoint>
{
    public WebhookEndpointService()
    {
    }

    public WebhookEndpointService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/webhook_endpoints";

    /// <summary><c>POST /v1/webhook_endpoints</c>.</summary>
    public virtual Task<WebhookEndpoint> CreateAsync(WebhookEndpointCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>DELETE /v1/webhook_endpoints/{id}</c>.</summary>
    public virtual Task<WebhookEndpoint> DeleteAsync(string id, WebhookEndpointDeleteOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Delete, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/webhook_endpoints/{id}</c>.</summary>
    public virtual Task<WebhookEndpoint> GetAsync(string id, WebhookEndpointGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/webhook_endpoints</c>.</summary>
    public virtual Task<StripeList<WebhookEndpoint>> ListAsync(WebhookEndpointListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<WebhookEndpoint>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/webhook_endpoints</c>; all pages.</summary>
    public virtual IAsyncEnumerable<WebhookEndpoint> ListAutoPagingAsync(WebhookEndpointListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<WebhookEndpoint>(ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/webhook_endpoints/{id}</c>.</summary>
    public virtual Task<WebhookEndpoint> UpdateAsync(string id, WebhookEndpointUpdateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, InstanceUrl(id), options, requestOptions, cancellationToken);
}
