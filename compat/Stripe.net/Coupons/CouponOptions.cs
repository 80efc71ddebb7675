namespace Stripe;

/// <summary>Parameters of <c>POST /v1/coupons</c>.</summary>
public class CouponCreateOptions : BaseOptions, IHasId, IHasMetadata
{
    public long? AmountOff { get; set; }
    public CouponAppliesToOptions AppliesTo { get; set; }
    public string Currency { get; set; }
    public Dictionary<string, CouponCurrencyOptionsOptions> CurrencyOptions { get; set; }
    public string Duration { get; set; }
    public long? DurationInMonths { get; set; }
    public string Id { get; set; }
    public long? MaxRedemptions { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Name { get; set; }
    public decimal? PercentOff { get; set; }
    public DateTime? RedeemBy { get; set; }
}

/// <summary>Parameters of <c>DELETE /v1/coupons/{id}</c>.</summary>
public class CouponDeleteOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/coupons/{id}</c>.</summary>
public class CouponGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/coupons</c>.</summary>
public class CouponListOptions : ListOptionsWithCreated;

/// <summary>Parameters of <c>POST /v1/coupons/{id}</c>.</summary>
public class CouponUpdateOptions : BaseOptions, IHasMetadata
{
    public Dictionary<string, CouponCurrencyOptionsOptions> CurrencyOptions { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Name { get; set; }
}
