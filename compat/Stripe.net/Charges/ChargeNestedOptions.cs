namespace Stripe;

public class ChargeDestinationOptions : INestedOptions
{
    public string Account { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
}

public class ChargeFraudDetailsOptions : INestedOptions
{
    public string UserReport { get; set; }
}

public class ChargeShippingOptions : INestedOptions
{
    public AddressOptions Address { get; set; }
    public string Carrier { get; set; }
    public string Name { get; set; }
    public string Phone { get; set; }
    public string TrackingNumber { get; set; }
}

public class ChargeTransferDataOptions : INestedOptions
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string Destination { get; set; }
}
