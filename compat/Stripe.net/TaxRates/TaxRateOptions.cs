namespace Stripe;

/// <summary>Parameters of <c>POST /v1/tax_rates</c>.</summary>
public class TaxRateCreateOptions : BaseOptions, IHasMetadata
{
    public bool? Active { get; set; }
    public string Country { get; set; }
    public string Description { get; set; }
    public string DisplayName { get; set; }
    public bool? Inclusive { get; set; }
    public string Jurisdiction { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public decimal? Percentage { get; set; }
    public string State { get; set; }
    public string TaxType { get; set; }
}

/// <summary>Parameters of <c>GET /v1/tax_rates/{id}</c>.</summary>
public class TaxRateGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/tax_rates</c>.</summary>
public class TaxRateListOptions : ListOptionsWithCreated
{
    public bool? Active { get; set; }
    public bool? Inclusive { get; set; }
}

/// <summary>Parameters of <c>POST /v1/tax_rates/{id}</c>.</summary>
public class TaxRateUpdateOptions : BaseOptions, IHasMetadata
{
    public bool? Active { get; set; }
    public string Country { get; set; }
    public string Description { get; set; }
    public string DisplayName { get; set; }
    public string Jurisdiction { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string State { get; set; }
    public string TaxType { get; set; }
}
