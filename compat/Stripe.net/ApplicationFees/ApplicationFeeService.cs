namespace Stripe;

public class ApplicationFeeService : Service<ApplicationFee>
{
    public ApplicationFeeService()
    {
    }

    public ApplicationFeeService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/application_fees";

    /// <summary><c>GET /v1/application_fees/{id}</c>.</summary>
    public virtual Task<ApplicationFee> GetAsync(string id, ApplicationFeeGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/application_fees</c>.</summary>
    public virtual Task<StripeList<ApplicationFee>> ListAsync(ApplicationFeeListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<ApplicationFee>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/application_fees</c>; all pages.</summary>
    public virtual IAsyncEnumerable<ApplicationFee> ListAutoPagingAsync(ApplicationFeeListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<ApplicationFee>(ClassUrl(), options, requestOptions, cancellationToken);
}
