namespace Stripe;

public class PaymentLinkService : Service<PaymentLink>
{
    public PaymentLinkService()
    {
    }

    public PaymentLinkService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/payment_links";

    /// <summary><c>POST /v1/payment_links</c>.</summary>
    public virtual Task<PaymentLink> CreateAsync(PaymentLinkCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/payment_links/{id}</c>.</summary>
    public virtual Task<PaymentLink> GetAsync(string id, PaymentLinkGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/payment_links</c>.</summary>
    public virtual Task<StripeList<PaymentLink>> ListAsync(PaymentLinkListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<PaymentLink>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/payment_links</c>; all pages.</summary>
    public virtual IAsyncEnumerable<PaymentLink> ListAutoPagingAsync(PaymentLinkListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<PaymentLink>(ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/payment_links/{id}/line_items</c>.</summary>
    public virtual Task<StripeList<LineItem>> ListLineItemsAsync(string id, PaymentLinkListLineItemsOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<LineItem>>(HttpMethod.Get, $"{InstanceUrl(id)}/line_items", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/payment_links/{id}/line_items</c>; all pages.</summary>
    public virtual IAsyncEnumerable<LineItem> ListLineItemsAutoPagingAsync(string id, PaymentLinkListLineItemsOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<LineItem>($"{InstanceUrl(id)}/line_items", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/payment_links/{id}</c>.</summary>
    public virtual Task<PaymentLink> UpdateAsync(string id, PaymentLinkUpdateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, InstanceUrl(id), options, requestOptions, cancellationToken);
}
