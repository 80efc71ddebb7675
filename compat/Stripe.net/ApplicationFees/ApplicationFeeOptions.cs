namespace Stripe;

/// <summary>Parameters of <c>GET /v1/application_fees/{id}</c>.</summary>
public class ApplicationFeeGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/application_fees</c>.</summary>
public class ApplicationFeeListOptions : ListOptionsWithCreated
{
    public string Charge { get; set; }
}
