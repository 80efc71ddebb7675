namespace Stripe;

public class PaymentMethodService : Service<PaymentMethod>
{
    public PaymentMethodService()
    {
    }

    public PaymentMethodService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/payment_methods";

    /// <summary><c>POST /v1/payment_methods/{id}/attach</c>.</summary>
    public virtual Task<PaymentMethod> AttachAsync(string id, PaymentMethodAttachOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/attach", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/payment_methods</c>.</summary>
    public virtual Task<PaymentMethod> CreateAsync(PaymentMethodCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/payment_methods/{id}/detach</c>.</summary>
    public virtual Task<PaymentMethod> DetachAsync(string id, PaymentMethodDetachOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/detach", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/payment_methods/{id}</c>.</summary>
    public virtual Task<PaymentMethod> GetAsync(string id, PaymentMethodGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/payment_methods</c>.</summary>
    public virtual Task<StripeList<PaymentMethod>> ListAsync(PaymentMethodListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<PaymentMethod>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/payment_methods</c>; all pages.</summary>
    public virtual IAsyncEnumerable<PaymentMethod> ListAutoPagingAsync(PaymentMethodListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<PaymentMethod>(ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/payment_methods/{id}</c>.</summary>
    public virtual Task<PaymentMethod> UpdateAsync(string id, PaymentMethodUpdateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, InstanceUrl(id), options, requestOptions, cancellationToken);
}
