namespace Stripe;

/// <summary>How much of a metered subscription item was used.</summary>
public class UsageRecord : StripeEntity<UsageRecord>, IHasId, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    public bool Livemode { get; set; }
    public long Quantity { get; set; }
    public string SubscriptionItem { get; set; }
    public DateTime Timestamp { get; set; }
}

/// <summary>The time of the call.</summary>
public class UsageRecordTimestamp : StringEnum
{
    public static readonly UsageRecordTimestamp Now = new("now");

    UsageRecordTimestamp(string value) : base(value)
    {
    }
}
