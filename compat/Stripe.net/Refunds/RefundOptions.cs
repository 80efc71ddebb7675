namespace Stripe;

/// <summary>Parameters of <c>POST /v1/refunds/{id}/cancel</c>.</summary>
public class RefundCancelOptions : BaseOptions;

/// <summary>Parameters of <c>POST /v1/refunds</c>.</summary>
public class RefundCreateOptions : BaseOptions, IHasMetadata
{
    /// <summary>In the smallest unit of the currency; null for all that is left.</summary>
    public long? Amount { get; set; }
    public string Charge { get; set; }
    public string Currency { get; set; }
    public string Customer { get; set; }
    public string InstructionsEmail { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Origin { get; set; }
    public string PaymentIntent { get; set; }
    /// <summary><c>duplicate</c>, <c>fraudulent</c> or <c>requested_by_customer</c>.</summary>
    public string Reason { get; set; }
    public bool? RefundApplicationFee { get; set; }
    public bool? ReverseTransfer { get; set; }
}

/// <summary>Parameters of <c>GET /v1/refunds/{id}</c>.</summary>
public class RefundGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/refunds</c>.</summary>
public class RefundListOptions : ListOptionsWithCreated
{
    public string Charge { get; set; }
    public string PaymentIntent { get; set; }
}

/// <summary>Parameters of <c>POST /v1/refunds/{id}</c>.</summary>
public class RefundUpdateOptions : BaseOptions, IHasMetadata
{
    public Dictionary<string, string> Metadata { get; set; }
}
