namespace Stripe;

public class CouponService : Service<Coupon>
{
    public CouponService()
    {
    }

    public CouponService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/coupons";

    /// <summary><c>POST /v1/coupons</c>.</summary>
    public virtual Task<Coupon> CreateAsync(CouponCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>DELETE /v1/coupons/{id}</c>.</summary>
    public virtual Task<Coupon> DeleteAsync(string id, CouponDeleteOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Delete, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/coupons/{id}</c>.</summary>
    public virtual Task<Coupon> GetAsync(string id, CouponGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/coupons</c>.</summary>
    public virtual Task<StripeList<Coupon>> ListAsync(CouponListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<Coupon>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/coupons</c>; all pages.</summary>
    public virtual IAsyncEnumerable<Coupon> ListAutoPagingAsync(CouponListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<Coupon>(ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/coupons/{id}</c>.</summary>
    public virtual Task<Coupon> UpdateAsync(string id, CouponUpdateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, InstanceUrl(id), options, requestOptions, cancellationToken);
}
