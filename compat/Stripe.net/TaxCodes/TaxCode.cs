namespace Stripe;

public class TaxCode : StripeEntity<TaxCode>, IHasId, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    public string Description { get; set; }
    public string Name { get; set; }
}
