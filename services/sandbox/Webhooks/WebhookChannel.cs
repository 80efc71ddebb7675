using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Webhooks;

/// <summary>How one provider addresses and signs its webhooks.</summary>
public abstract class WebhookChannel(string provider, DocumentStore store, string? target)
{
    /// <summary>Stands in <see cref="Webhook.Endpoint"/> for <see cref="Target"/>.</summary>
    public const string Configured = "configured";

    volatile string? target = target;

    /// <summary>The provider's name; its faults are armed for "{provider}-webhook".</summary>
    public string Provider { get; } = provider;

    public DocumentStore Store { get; } = store;

    /// <summary>The configured endpoint, or what the control endpoint put in its place; null while there is none.</summary>
    public string? Target
    {
        get => target;
        set => target = value;
    }

    /// <returns>Null when the endpoint is no more: the webhook is given up.</returns>
    public virtual Uri? AddressOf(Webhook webhook) =>
        webhook.Endpoint != Configured ? new(webhook.Endpoint) : Target is { } url ? new(url) : null;

    /// <param name="now">When it is sent; a later attempt is signed anew.</param>
    public abstract void Sign(HttpRequestMessage request, Webhook webhook, DateTimeOffset now);

    public static bool IsAddress(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
}
