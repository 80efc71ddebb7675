namespace Stripe;

public class AddressJapanOptions : AddressOptions
{
    public string Town { get; set; }
}
