namespace Stripe;

/// <summary>Parameters of <c>GET /v1/events/{id}</c>.</summary>
public class EventGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/events</c>.</summary>
public class EventListOptions : ListOptionsWithCreated
{
    public bool? DeliverySuccess { get; set; }
    public string Type { get; set; }
    public List<string> Types { get; set; }
}
