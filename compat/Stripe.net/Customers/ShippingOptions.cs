namespace Stripe;

public class ShippingOptions : INestedOptions
{
    public AddressOptions Address { get; set; }
    public string Name { get; set; }
    public string Phone { get; set; }
}
