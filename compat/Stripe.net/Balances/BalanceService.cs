namespace Stripe;

public class BalanceService : Service<Balance>
{
    public BalanceService()
    {
    }

    public BalanceService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/balance";

    /// <summary><c>GET /v1/balance</c>.</summary>
    public virtual Task<Balance> GetAsync(RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, ClassUrl(), null, requestOptions, cancellationToken);
}
