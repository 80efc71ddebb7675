namespace Stripe;

public class PayoutService : Service<Payout>
{
    public PayoutService()
    {
    }

    public PayoutService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/payouts";

    /// <summary><c>POST /v1/payouts/{id}/cancel</c>.</summary>
    public virtual Task<Payout> CancelAsync(string id, PayoutCancelOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/cancel", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/payouts</c>.</summary>
    public virtual Task<Payout> CreateAsync(PayoutCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/payouts/{id}</c>.</summary>
    public virtual Task<Payout> GetAsync(string id, PayoutGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/payouts</c>.</summary>
    public virtual Task<StripeList<Payout>> ListAsync(PayoutListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<Payout>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/payouts</c>; all pages.</summary>
    public virtual IAsyncEnumerable<Payout> ListAutoPagingAsync(PayoutListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<Payout>(ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/payouts/{id}/reverse</c>.</summary>
    public virtual Task<Payout> ReverseAsync(string id, PayoutReverseOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/reverse", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/payouts/{id}</c>.</summary>
    public virtual Task<Payout> UpdateAsync(string id, PayoutUpdateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, InstanceUrl(id), options, requestOptions, cancellationToken);
}
