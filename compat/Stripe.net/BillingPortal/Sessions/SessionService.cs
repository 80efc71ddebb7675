namespace Stripe.BillingPortal;

public class SessionService : Service<Session>
{
    public SessionService()
    {
    }

    public SessionService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/billing_portal/sessions";

    /// <summary><c>POST /v1/billing_portal/sessions</c>.</summary>
    public virtual Task<Session> CreateAsync(SessionCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(), options, requestOptions, cancellationToken);
}
