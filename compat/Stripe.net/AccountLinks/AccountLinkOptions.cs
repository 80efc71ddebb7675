namespace Stripe;

/// <summary>Parameters of <c>POST /v1/account_links</c>.</summary>
public class AccountLinkCreateOptions : BaseOptions
{
    public string Account { get; set; }
    public string Collect { get; set; }
    public string RefreshUrl { get; set; }
    public string ReturnUrl { get; set; }
    public string Type { get; set; }
}
