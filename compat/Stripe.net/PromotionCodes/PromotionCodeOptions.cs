namespace Stripe;

/// <summary>Parameters of <c>POST /v1/promotion_codes</c>.</summary>
public class PromotionCodeCreateOptions : BaseOptions, IHasMetadata
{
    public bool? Active { get; set; }
    public string Code { get; set; }
    public string Coupon { get; set; }
    public string Customer { get; set; }
    public DateTime? ExpiresAt { get; set; }
    public long? MaxRedemptions { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public PromotionCodeRestrictionsOptions Restrictions { get; set; }
}

/// <summary>Parameters of <c>GET /v1/promotion_codes/{id}</c>.</summary>
public class PromotionCodeGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/promotion_codes</c>.</summary>
public class PromotionCodeListOptions : ListOptionsWithCreated
{
    public bool? Active { get; set; }
    public string Code { get; set; }
    public string Coupon { get; set; }
    public string Customer { get; set; }
}

/// <summary>Parameters of <c>POST /v1/promotion_codes/{id}</c>.</summary>
public class PromotionCodeUpdateOptions : BaseOptions, IHasMetadata
{
    public bool? Active { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public PromotionCodeRestrictionsOptions Restrictions { get; set; }
}
