namespace Stripe;

public class UsageRecordService : ServiceNested<UsageRecord>
{
    public UsageRecordService()
    {
    }

    public UsageRecordService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/subscription_items/{PARENT_ID}/usage_records";

    /// <summary><c>POST /v1/subscription_items/{parentId}/usage_records</c>.</summary>
    public virtual Task<UsageRecord> CreateAsync(string parentId, UsageRecordCreateOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(parentId), options, requestOptions, cancellationToken);
}
