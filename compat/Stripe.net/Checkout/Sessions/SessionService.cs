namespace Stripe.Checkout;

public class SessionService : Service<Session>
{
    public SessionService()
    {
    }

    public SessionService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/checkout/sessions";

    /// <summary><c>POST /v1/checkout/sessions</c>.</summary>
    public virtual Task<Session> CreateAsync(SessionCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/checkout/sessions/{id}/expire</c>.</summary>
    public virtual Task<Session> ExpireAsync(string id, SessionExpireOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/expire", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/checkout/sessions/{id}</c>.</summary>
    public virtual Task<Session> GetAsync(string id, SessionGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/checkout/sessions</c>.</summary>
    public virtual Task<StripeList<Session>> ListAsync(SessionListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<Session>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/checkout/sessions</c>; all pages.</summary>
    public virtual IAsyncEnumerable<Session> ListAutoPagingAsync(SessionListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<Session>(ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/checkout/sessions/{id}/line_items</c>.</summary>
    public virtual Task<StripeList<LineItem>> ListLineItemsAsync(string id, SessionListLineItemsOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<LineItem>>(HttpMethod.Get, $"{InstanceUrl(id)}/line_items", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/checkout/sessions/{id}/line_items</c>; all pages.</summary>
    public virtual IAsyncEnumerable<LineItem> ListLineItemsAutoPagingAsync(string id, SessionListLineItemsOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<LineItem>($"{InstanceUrl(id)}/line_items", options, requestOptions, cancellationToken);
}
