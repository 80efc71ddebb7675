namespace Stripe;

/// <summary>An address that signs a person in to the dashboard of an Express account, once.</summary>
public class LoginLink : StripeEntity<LoginLink>, IHasObject
{
    public string Object { get; set; }
    public DateTime Created { get; set; }
    public string Url { get; set; }
}
