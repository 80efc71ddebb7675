namespace Stripe.BillingPortal;

/// <summary>A page of Stripe on which a customer manages subscriptions and means of payment.</summary>
public class Session : StripeEntity<Session>, IHasId, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    public DateTime Created { get; set; }
    public string Customer { get; set; }
    public SessionFlow Flow { get; set; }
    public bool Livemode { get; set; }
    public string Locale { get; set; }
    public string OnBehalfOf { get; set; }
    public string ReturnUrl { get; set; }
    public string Url { get; set; }
}

public class SessionFlow : StripeEntity<SessionFlow>
{
    public SessionFlowAfterCompletion AfterCompletion { get; set; }
    public SessionFlowSubscriptionCancel SubscriptionCancel { get; set; }
    public SessionFlowSubscriptionUpdate SubscriptionUpdate { get; set; }
    public SessionFlowSubscriptionUpdateConfirm SubscriptionUpdateConfirm { get; set; }
    public string Type { get; set; }
}

public class SessionFlowAfterCompletion : StripeEntity<SessionFlowAfterCompletion>
{
    public SessionFlowAfterCompletionHostedConfirmation HostedConfirmation { get; set; }
    public SessionFlowAfterCompletionRedirect Redirect { get; set; }
    public string Type { get; set; }
}

public class SessionFlowAfterCompletionHostedConfirmation : StripeEntity<SessionFlowAfterCompletionHostedConfirmation>
{
    public string CustomMessage { get; set; }
}

public class SessionFlowAfterCompletionRedirect : StripeEntity<SessionFlowAfterCompletionRedirect>
{
    public string ReturnUrl { get; set; }
}

public class SessionFlowSubscriptionCancel : StripeEntity<SessionFlowSubscriptionCancel>
{
    public SessionFlowSubscriptionCancelRetention Retention { get; set; }
    public string Subscription { get; set; }
}

public class SessionFlowSubscriptionCancelRetention : StripeEntity<SessionFlowSubscriptionCancelRetention>
{
    public SessionFlowSubscriptionCancelRetentionCouponOffer CouponOffer { get; set; }
    public string Type { get; set; }
}

public class SessionFlowSubscriptionCancelRetentionCouponOffer : StripeEntity<SessionFlowSubscriptionCancelRetentionCouponOffer>
{
    public string Coupon { get; set; }
}

public class SessionFlowSubscriptionUpdate : StripeEntity<SessionFlowSubscriptionUpdate>
{
    public string Subscription { get; set; }
}

public class SessionFlowSubscriptionUpdateConfirm : StripeEntity<SessionFlowSubscriptionUpdateConfirm>
{
    public List<SessionFlowSubscriptionUpdateConfirmDiscount> Discounts { get; set; }
    public List<SessionFlowSubscriptionUpdateConfirmItem> Items { get; set; }
    public string Subscription { get; set; }
}

public class SessionFlowSubscriptionUpdateConfirmDiscount : StripeEntity<SessionFlowSubscriptionUpdateConfirmDiscount>
{
    public string Coupon { get; set; }
    public string PromotionCode { get; set; }
}

public class SessionFlowSubscriptionUpdateConfirmItem : StripeEntity<SessionFlowSubscriptionUpdateConfirmItem>, IHasId
{
    public string Id { get; set; }
    public string Price { get; set; }
    public long Quantity { get; set; }
}
