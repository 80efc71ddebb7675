namespace Stripe;

public class AddressJapan : Address
{
    public string Town { get; set; }
}
