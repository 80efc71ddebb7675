namespace Stripe;

public class SetupIntentService : Service<SetupIntent>
{
    public SetupIntentService()
    {
    }

    public SetupIntentService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/setup_intents";

    /// <summary><c>POST /v1/setup_intents/{id}/cancel</c>.</summary>
    public virtual Task<SetupIntent> CancelAsync(string id, SetupIntentCancelOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/cancel", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/setup_intents/{id}/confirm</c>.</summary>
    public virtual Task<SetupIntent> ConfirmAsync(string id, SetupIntentConfirmOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/confirm", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/setup_intents</c>.</summary>
    public virtual Task<SetupIntent> CreateAsync(SetupIntentCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/setup_intents/{id}</c>.</summary>
    public virtual Task<SetupIntent> GetAsync(string id, SetupIntentGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/setup_intents</c>.</summary>
    public virtual Task<StripeList<SetupIntent>> ListAsync(SetupIntentListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<SetupIntent>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/setup_intents</c>; all pages.</summary>
    public virtual IAsyncEnumerable<SetupIntent> ListAutoPagingAsync(SetupIntentListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<SetupIntent>(ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/setup_intents/{id}</c>.</summary>
    public virtual Task<SetupIntent> UpdateAsync(string id, SetupIntentUpdateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/setup_intents/{id}/verify_microdeposits</c>.</summary>
    public virtual Task<SetupIntent> VerifyMicrodepositsAsync(string id, SetupIntentVerifyMicrodepositsOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/verify_microdeposits", options, requestOptions, cancellationToken);
}
