namespace Stripe;

/// <summary>A Connect platform.</summary>
public class Application : StripeEntity<Application>, IHasId, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    public string Name { get; set; }
}
