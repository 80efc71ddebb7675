namespace Stripe;

/// <summary>Parameters of <c>POST /v1/charges/{id}/capture</c>.</summary>
public class ChargeCaptureOptions : BaseOptions
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public long? ApplicationFee { get; set; }
    public long? ApplicationFeeAmount { get; set; }
    public string ReceiptEmail { get; set; }
    public string StatementDescriptor { get; set; }
    public string StatementDescriptorSuffix { get; set; }
    public ChargeTransferDataOptions TransferData { get; set; }
    public string TransferGroup { get; set; }
}

/// <summary>Parameters of <c>POST /v1/charges</c>.</summary>
public class ChargeCreateOptions : BaseOptions, IHasMetadata
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public long? ApplicationFeeAmount { get; set; }
    public bool? Capture { get; set; }
    public string Currency { get; set; }
    public string Customer { get; set; }
    public string Description { get; set; }
    public ChargeDestinationOptions Destination { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string OnBehalfOf { get; set; }
    public string ReceiptEmail { get; set; }
    public ChargeShippingOptions Shipping { get; set; }
    public string Source { get; set; }
    public string StatementDescriptor { get; set; }
    public string StatementDescriptorSuffix { get; set; }
    public ChargeTransferDataOptions TransferData { get; set; }
    public string TransferGroup { get; set; }
}

/// <summary>Parameters of <c>GET /v1/charges/{id}</c>.</summary>
public class ChargeGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/charges</c>.</summary>
public class ChargeListOptions : ListOptionsWithCreated
{
    public string Customer { get; set; }
    public string PaymentIntent { get; set; }
    public string TransferGroup { get; set; }
}

/// <summary>Parameters of <c>GET /v1/charges/search</c>.</summary>
public class ChargeSearchOptions : SearchOptions;

/// <summary>Parameters of <c>POST /v1/charges/{id}</c>.</summary>
public class ChargeUpdateOptions : BaseOptions, IHasMetadata
{
    public string Customer { get; set; }
    public string Description { get; set; }
    public ChargeFraudDetailsOptions FraudDetails { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string ReceiptEmail { get; set; }
    public ChargeShippingOptions Shipping { get; set; }
    public string TransferGroup { get; set; }
}
