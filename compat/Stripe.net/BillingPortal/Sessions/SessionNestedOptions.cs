namespace Stripe.BillingPortal;

public class SessionFlowDataAfterCompletionHostedConfirmationOptions : INestedOptions
{
    public string CustomMessage { get; set; }
}

public class SessionFlowDataAfterCompletionOptions : INestedOptions
{
    public SessionFlowDataAfterCompletionHostedConfirmationOptions HostedConfirmation { get; set; }
    public SessionFlowDataAfterCompletionRedirectOptions Redirect { get; set; }
    public string Type { get; set; }
}

public class SessionFlowDataAfterCompletionRedirectOptions : INestedOptions
{
    public string ReturnUrl { get; set; }
}

public class SessionFlowDataOptions : INestedOptions
{
    public SessionFlowDataAfterCompletionOptions AfterCompletion { get; set; }
    public SessionFlowDataSubscriptionCancelOptions SubscriptionCancel { get; set; }
    public SessionFlowDataSubscriptionUpdateOptions SubscriptionUpdate { get; set; }
    public SessionFlowDataSubscriptionUpdateConfirmOptions SubscriptionUpdateConfirm { get; set; }
    public string Type { get; set; }
}

public class SessionFlowDataSubscriptionCancelOptions : INestedOptions
{
    public SessionFlowDataSubscriptionCancelRetentionOptions Retention { get; set; }
    public string Subscription { get; set; }
}

public class SessionFlowDataSubscriptionCancelRetentionCouponOfferOptions : INestedOptions
{
    public string Coupon { get; set; }
}

public class SessionFlowDataSubscriptionCancelRetentionOptions : INestedOptions
{
    public SessionFlowDataSubscriptionCancelRetentionCouponOfferOptions CouponOffer { get; set; }
    public string Type { get; set; }
}

public class SessionFlowDataSubscriptionUpdateConfirmDiscountOptions : INestedOptions
{
    public string Coupon { get; set; }
    public string PromotionCode { get; set; }
}

public class SessionFlowDataSubscriptionUpdateConfirmItemOptions : INestedOptions, IHasId
{
    public string Id { get; set; }
    public string Price { get; set; }
    public long? Quantity { get; set; }
}

public class SessionFlowDataSubscriptionUpdateConfirmOptions : INestedOptions
{
    public List<SessionFlowDataSubscriptionUpdateConfirmDiscountOptions> Discounts { get; set; }
    public List<SessionFlowDataSubscriptionUpdateConfirmItemOptions> Items { get; set; }
    public string Subscription { get; set; }
}

public class SessionFlowDataSubscriptionUpdateOptions : INestedOptions
{
    public string Subscription { get; set; }
}
