namespace Stripe;

public class LoginLinkService : ServiceNested<LoginLink>
{
    public LoginLinkService()
    {
    }

    public LoginLinkService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/accounts/{PARENT_ID}/login_links";

    /// <summary><c>POST /v1/accounts/{parentId}/login_links</c>.</summary>
    public virtual Task<LoginLink> CreateAsync(string parentId, LoginLinkCreateOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(parentId), options, requestOptions, cancellationToken);
}
