namespace Stripe;

/// <summary>Parameters of <c>POST /v1/transfers/{parentId}/reversals</c>.</summary>
public class TransferReversalCreateOptions : BaseOptions, IHasMetadata
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string Description { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public bool? RefundApplicationFee { get; set; }
}

/// <summary>Parameters of <c>GET /v1/transfers/{parentId}/reversals/{id}</c>.</summary>
public class TransferReversalGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/transfers/{parentId}/reversals</c>.</summary>
public class TransferReversalListOptions : ListOptions;

/// <summary>Parameters of <c>POST /v1/transfers/{parentId}/reversals/{id}</c>.</summary>
public class TransferReversalUpdateOptions : BaseOptions, IHasMetadata
{
    public Dictionary<string, string> Metadata { get; set; }
}
