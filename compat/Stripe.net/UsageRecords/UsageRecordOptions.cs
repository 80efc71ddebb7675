namespace Stripe;

/// <summary>Parameters of <c>POST /v1/subscription_items/{parentId}/usage_records</c>.</summary>
public class UsageRecordCreateOptions : BaseOptions
{
    public string Action { get; set; }
    public long? Quantity { get; set; }
    public AnyOf<DateTime?, UsageRecordTimestamp> Timestamp { get; set; }
}
