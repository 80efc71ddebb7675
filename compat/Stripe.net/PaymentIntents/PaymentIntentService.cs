namespace Stripe;

public class PaymentIntentService : Service<PaymentIntent>
{
    public PaymentIntentService()
    {
    }

    public PaymentIntentService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/payment_intents";

    /// <summary><c>POST /v1/payment_intents/{id}/apply_customer_balance</c>.</summary>
    public virtual Task<PaymentIntent> ApplyCustomerBalanceAsync(string id, PaymentIntentApplyCustomerBalanceOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/apply_customer_balance", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/payment_intents/{id}/cancel</c>.</summary>
    public virtual Task<PaymentIntent> CancelAsync(string id, PaymentIntentCancelOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/cancel", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/payment_intents/{id}/capture</c>.</summary>
    public virtual Task<PaymentIntent> CaptureAsync(string id, PaymentIntentCaptureOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/capture", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/payment_intents/{id}/confirm</c>.</summary>
    public virtual Task<PaymentIntent> ConfirmAsync(string id, PaymentIntentConfirmOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/confirm", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/payment_intents</c>.</summary>
    public virtual Task<PaymentIntent> CreateAsync(PaymentIntentCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/payment_intents/{id}</c>.</summary>
    public virtual Task<PaymentIntent> GetAsync(string id, PaymentIntentGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/payment_intents/{id}/increment_authorization</c>.</summary>
    public virtual Task<PaymentIntent> IncrementAuthorizationAsync(string id, PaymentIntentIncrementAuthorizationOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/increment_authorization", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/payment_intents</c>.</summary>
    public virtual Task<StripeList<PaymentIntent>> ListAsync(PaymentIntentListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<PaymentIntent>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/payment_intents</c>; all pages.</summary>
    public virtual IAsyncEnumerable<PaymentIntent> ListAutoPagingAsync(PaymentIntentListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<PaymentIntent>(ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/payment_intents/search</c>.</summary>
    public virtual Task<StripeSearchResult<PaymentIntent>> SearchAsync(PaymentIntentSearchOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeSearchResult<PaymentIntent>>(HttpMethod.Get, $"{ClassUrl()}/search", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/payment_intents/search</c>; all pages.</summary>
    public virtual IAsyncEnumerable<PaymentIntent> SearchAutoPagingAsync(PaymentIntentSearchOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        SearchRequestAutoPagingAsync<PaymentIntent>($"{ClassUrl()}/search", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/payment_intents/{id}</c>.</summary>
    public virtual Task<PaymentIntent> UpdateAsync(string id, PaymentIntentUpdateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/payment_intents/{id}/verify_microdeposits</c>.</summary>
    public virtual Task<PaymentIntent> VerifyMicrodepositsAsync(string id, PaymentIntentVerifyMicrodepositsOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/verify_microdeposits", options, requestOptions, cancellationToken);
}
