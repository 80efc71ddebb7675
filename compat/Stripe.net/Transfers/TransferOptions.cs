namespace Stripe;

/// <summary>Parameters of <c>POST /v1/transfers</c>.</summary>
public class TransferCreateOptions : BaseOptions, IHasMetadata
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string Currency { get; set; }
    public string Description { get; set; }
    public string Destination { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string SourceTransaction { get; set; }
    public string SourceType { get; set; }
    public string TransferGroup { get; set; }
}

/// <summary>Parameters of <c>GET /v1/transfers/{id}</c>.</summary>
public class TransferGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/transfers</c>.</summary>
public class TransferListOptions : ListOptionsWithCreated
{
    public string Destination { get; set; }
    public string TransferGroup { get; set; }
}

/// <summary>Parameters of <c>POST /v1/transfers/{id}</c>.</summary>
public class TransferUpdateOptions : BaseOptions, IHasMetadata
{
    public string Description { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
}
