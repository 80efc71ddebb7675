namespace Stripe;

public class EventService : Service<Event>
{
    public EventService()
    {
    }

    public EventService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/events";

    /// <summary><c>GET /v1/events/{id}</c>.</summary>
    public virtual Task<Event> GetAsync(string id, EventGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/events</c>.</summary>
    public virtual Task<StripeList<Event>> ListAsync(EventListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<Event>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/events</c>; all pages.</summary>
    public virtual IAsyncEnumerable<Event> ListAutoPagingAsync(EventListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<Event>(ClassUrl(), options, requestOptions, cancellationToken);
}
