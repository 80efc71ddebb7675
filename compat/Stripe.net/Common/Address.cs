namespace Stripe;

/// <summary>Where somebody or something is.</summary>
public class Address : StripeEntity<Address>
{
    public string City { get; set; }
    public string Country { get; set; }
    public string Line1 { get; set; }
    public string Line2 { get; set; }
    public string PostalCode { get; set; }
    public string State { get; set; }
}
