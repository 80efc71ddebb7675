namespace Stripe;

/// <summary>Something that happened in an account.</summary>
public class Event : StripeEntity<Event>, IHasId, IHasObject
{
    /// <summary>A repeated delivery has the same.</summary>
    public string Id { get; set; }
    public string Object { get; set; }
    /// <summary>The connected account that it happened in; null for the platform's own.</summary>
    public string Account { get; set; }
    /// <summary>Of the objects inside.</summary>
    public string ApiVersion { get; set; }
    public DateTime Created { get; set; }
    public EventData Data { get; set; }
    public bool Livemode { get; set; }
    public long PendingWebhooks { get; set; }
    public EventRequest Request { get; set; }
    public string Type { get; set; }
}

/// <summary>The call that caused an event; without an id where Stripe acted by itself.</summary>
public class EventRequest : StripeEntity<EventRequest>, IHasId
{
    public string Id { get; set; }
    public string IdempotencyKey { get; set; }
}
