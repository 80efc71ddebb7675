namespace Stripe;

/// <summary>An address that Stripe posts events to.</summary>
public class WebhookEndpoint : StripeEntity<WebhookEndpoint>, IHasId, IHasMetadata, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    public string ApiVersion { get; set; }
    public string Application { get; set; }
    public DateTime Created { get; set; }
    public bool? Deleted { get; set; }
    public string Description { get; set; }
    public List<string> EnabledEvents { get; set; }
    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    /// <summary>Only in the answer to its making.</summary>
    public string Secret { get; set; }
    public string Status { get; set; }
    public string Url { get; set; }
}
