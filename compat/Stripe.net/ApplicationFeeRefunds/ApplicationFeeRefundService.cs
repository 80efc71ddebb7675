namespace Stripe;

public class ApplicationFeeRefundService : ServiceNested<ApplicationFeeRefund>
{
    public ApplicationFeeRefundService()
    {
    }

    public ApplicationFeeRefundService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/application_fees/{PARENT_ID}/refunds";

    /// <summary><c>POST /v1/application_fees/{parentId}/refunds</c>.</summary>
    public virtual Task<ApplicationFeeRefund> CreateAsync(string parentId, ApplicationFeeRefundCreateOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(parentId), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/application_fees/{parentId}/refunds/{id}</c>.</summary>
    public virtual Task<ApplicationFeeRefund> GetAsync(string parentId, string id, ApplicationFeeRefundGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(parentId, id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/application_fees/{parentId}/refunds</c>.</summary>
    public virtual Task<StripeList<ApplicationFeeRefund>> ListAsync(string parentId, ApplicationFeeRefundListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<ApplicationFeeRefund>>(HttpMethod.Get, ClassUrl(parentId), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/application_fees/{parentId}/refunds</c>; all pages.</summary>
    public virtual IAsyncEnumerable<ApplicationFeeRefund> ListAutoPagingAsync(string parentId, ApplicationFeeRefundListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<ApplicationFeeRefund>(ClassUrl(parentId), options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/application_fees/{parentId}/refunds/{id}</c>.</summary>
    public virtual Task<ApplicationFeeRefund> UpdateAsync(string parentId, string id, ApplicationFeeRefundUpdateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, InstanceUrl(parentId, id), options, requestOptions, cancellationToken);
}
