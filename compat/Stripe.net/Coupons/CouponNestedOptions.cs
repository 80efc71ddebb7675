namespace Stripe;

public class CouponAppliesToOptions : INestedOptions
{
    public List<string> Products { get; set; }
}

public class CouponCurrencyOptionsOptions : INestedOptions
{
    public long? AmountOff { get; set; }
}
