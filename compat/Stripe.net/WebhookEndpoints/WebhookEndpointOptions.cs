namespace Stripe;

/// <summary>Parameters of <c>POST /v1/webhook_endpoints</c>.</summary>
public class WebhookEndpointCreateOptions : BaseOptions, IHasMetadata
{
    public string ApiVersion { get; set; }
    public bool? Connect { get; set; }
    public string Description { get; set; }
    public List<string> EnabledEvents { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Url { get; set; }
}

/// <summary>Parameters of <c>DELETE /v1/webhook_endpoints/{id}</c>.</summary>
public class WebhookEndpointDeleteOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/webhook_endpoints/{id}</c>.</summary>
public class WebhookEndpointGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/webhook_endpoints</c>.</summary>
public class WebhookEndpointListOptions : ListOptions;

/// <summary>Parameters of <c>POST /v1/webhook_endpoints/{id}</c>.</summary>
public class WebhookEndpointUpdateOptions : BaseOptions, IHasMetadata
{
    public string Description { get; set; }
    public bool? Disabled { get; set; }
    public List<string> EnabledEvents { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Url { get; set; }
}
