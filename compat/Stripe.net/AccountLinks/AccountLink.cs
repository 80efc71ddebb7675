namespace Stripe;

/// <summary>A page of Stripe on which a connected account gives what Stripe must know. Its address works once and for minutes.</summary>
public class AccountLink : StripeEntity<AccountLink>, IHasObject
{
    public string Object { get; set; }
    public DateTime Created { get; set; }
    public DateTime ExpiresAt { get; set; }
    public string Url { get; set; }
}
