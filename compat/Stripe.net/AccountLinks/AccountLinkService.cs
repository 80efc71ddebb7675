namespace Stripe;

public class AccountLinkService : Service<AccountLink>
{
    public AccountLinkService()
    {
    }

    public AccountLinkService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/account_links";

    /// <summary><c>POST /v1/account_links</c>.</summary>
    public virtual Task<AccountLink> CreateAsync(AccountLinkCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(), options, requestOptions, cancellationToken);
}
