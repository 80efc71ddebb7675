namespace Stripe;

/// <summary>Parameters of <c>POST /v1/accounts/{parentId}/login_links</c>.</summary>
public class LoginLinkCreateOptions : BaseOptions;
