namespace Stripe;

/// <summary>Parameters of <c>POST /v1/payouts/{id}/cancel</c>.</summary>
public class PayoutCancelOptions : BaseOptions;

/// <summary>Parameters of <c>POST /v1/payouts</c>.</summary>
public class PayoutCreateOptions : BaseOptions, IHasMetadata
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string Currency { get; set; }
    public string Description { get; set; }
    public string Destination { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Method { get; set; }
    public string SourceType { get; set; }
    public string StatementDescriptor { get; set; }
}

/// <summary>Parameters of <c>GET /v1/payouts/{id}</c>.</summary>
public class PayoutGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/payouts</c>.</summary>
public class PayoutListOptions : ListOptionsWithCreated
{
    public AnyOf<DateTime?, DateRangeOptions> ArrivalDate { get; set; }
    public string Destination { get; set; }
    public string Status { get; set; }
}

/// <summary>Parameters of <c>POST /v1/payouts/{id}/reverse</c>.</summary>
public class PayoutReverseOptions : BaseOptions, IHasMetadata
{
    public Dictionary<string, string> Metadata { get; set; }
}

/// <summary>Parameters of <c>POST /v1/payouts/{id}</c>.</summary>
public class PayoutUpdateOptions : BaseOptions, IHasMetadata
{
    public Dictionary<string, string> Metadata { get; set; }
}
