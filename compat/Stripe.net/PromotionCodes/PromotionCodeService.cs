namespace Stripe;

public class PromotionCodeService : Service<PromotionCode>
{
    public PromotionCodeService()
    {
    }

    public PromotionCodeService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/promotion_codes";

    /// <summary><c>POST /v1/promotion_codes</c>.</summary>
    public virtual Task<PromotionCode> CreateAsync(PromotionCodeCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/promotion_codes/{id}</c>.</summary>
    public virtual Task<PromotionCode> GetAsync(string id, PromotionCodeGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/promotion_codes</c>.</summary>
    public virtual Task<StripeList<PromotionCode>> ListAsync(PromotionCodeListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<PromotionCode>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/promotion_codes</c>; all pages.</summary>
    public virtual IAsyncEnumerable<PromotionCode> ListAutoPagingAsync(PromotionCodeListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<PromotionCode>(ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/promotion_codes/{id}</c>.</summary>
    public virtual Task<PromotionCode> UpdateAsync(string id, PromotionCodeUpdateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, InstanceUrl(id), options, requestOptions, cancellationToken);
}
