namespace Stripe;

public class SubscriptionService : Service<Subscription>
{
    public SubscriptionService()
    {
    }

    public SubscriptionService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/subscriptions";

    /// <summary><c>DELETE /v1/subscriptions/{id}</c>.</summary>
    public virtual Task<Subscription> CancelAsync(string id, SubscriptionCancelOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Delete, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/subscriptions</c>.</summary>
    public virtual Task<Subscription> CreateAsync(SubscriptionCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/subscriptions/{id}</c>.</summary>
    public virtual Task<Subscription> GetAsync(string id, SubscriptionGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/subscriptions</c>.</summary>
    public virtual Task<StripeList<Subscription>> ListAsync(SubscriptionListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<Subscription>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/subscriptions</c>; all pages.</summary>
    public virtual IAsyncEnumerable<Subscription> ListAutoPagingAsync(SubscriptionListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<Subscription>(ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/subscriptions/{id}/resume</c>.</summary>
    public virtual Task<Subscription> ResumeAsync(string id, SubscriptionResumeOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/resume", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/subscriptions/search</c>.</summary>
    public virtual Task<StripeSearchResult<Subscription>> SearchAsync(SubscriptionSearchOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeSearchResult<Subscription>>(HttpMethod.Get, $"{ClassUrl()}/search", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/subscriptions/search</c>; all pages.</summary>
    public virtual IAsyncEnumerable<Subscription> SearchAutoPagingAsync(SubscriptionSearchOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        SearchRequestAutoPagingAsync<Subscription>($"{ClassUrl()}/search", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/subscriptions/{id}</c>.</summary>
    public virtual Task<Subscription> UpdateAsync(string id, SubscriptionUpdateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, InstanceUrl(id), options, requestOptions, cancellationToken);
}
