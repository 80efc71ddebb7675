namespace Stripe;

/// <summary>Parameters of <c>POST /v1/application_fees/{parentId}/refunds</c>.</summary>
public class ApplicationFeeRefundCreateOptions : BaseOptions, IHasMetadata
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
}

/// <summary>Parameters of <c>GET /v1/application_fees/{parentId}/refunds/{id}</c>.</summary>
public class ApplicationFeeRefundGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/application_fees/{parentId}/refunds</c>.</summary>
public class ApplicationFeeRefundListOptions : ListOptions;

/// <summary>Parameters of <c>POST /v1/application_fees/{parentId}/refunds/{id}</c>.</summary>
public class ApplicationFeeRefundUpdateOptions : BaseOptions, IHasMetadata
{
    public Dictionary<string, string> Metadata { get; set; }
}
