namespace Stripe.BillingPortal;

/// <summary>Parameters of <c>POST /v1/billing_portal/sessions</c>.</summary>
public class SessionCreateOptions : BaseOptions
{
    public string Configuration { get; set; }
    public string Customer { get; set; }
    public SessionFlowDataOptions FlowData { get; set; }
    public string Locale { get; set; }
    public string OnBehalfOf { get; set; }
    public string ReturnUrl { get; set; }
}
