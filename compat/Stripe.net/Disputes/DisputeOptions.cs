namespace Stripe;

/// <summary>Parameters of <c>POST /v1/disputes/{id}/close</c>.</summary>
public class DisputeCloseOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/disputes/{id}</c>.</summary>
public class DisputeGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/disputes</c>.</summary>
public class DisputeListOptions : ListOptionsWithCreated
{
    public string Charge { get; set; }
    public string PaymentIntent { get; set; }
}

/// <summary>Parameters of <c>POST /v1/disputes/{id}</c>.</summary>
public class DisputeUpdateOptions : BaseOptions, IHasMetadata
{
    public DisputeEvidenceOptions Evidence { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    /// <summary>True sends the evidence to the bank, which can be done once; false keeps it as a draft.</summary>
    public bool? Submit { get; set; }
}
