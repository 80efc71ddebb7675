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

public class ChargeLevel3LineItemOptions : INestedOptions
{
    public long? DiscountAmount { get; set; }
    public string ProductCode { get; set; }
    public string ProductDescription { get; set; }
    public long? Quantity { get; set; }
    public long? TaxAmount { get; set; }
    public long? UnitCost { get; set; }
}

public class ChargeLevel3Options : INestedOptions
{
    public string CustomerReference { get; set; }
    public List<ChargeLevel3LineItemOptions> LineItems { get; set; }
    public string MerchantReference { get; set; }
    public string ShippingAddressZip { get; set; }
    public long? ShippingAmount { get; set; }
    public string ShippingFromZip { get; set; }
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
