namespace Empire.Payments.Intake;

/// <summary>What a provider told, word for word.</summary>
/// <param name="EventId">The provider's; where it gives none, made of what it says, so that the same words have the same id.</param>
/// <param name="ObjectKey">What it speaks of; events of one object are taken one after the other.</param>
/// <param name="OccurredAt">By the provider's clock.</param>
/// <param name="Body">As it came.</param>
/// <param name="Test">Told in test mode, or by the sandbox: of the words themselves where they say so, otherwise of the key under which they came, which may be another tomorrow. Null: stored before it was kept.</param>
public sealed record ProviderEvent(string Provider, string EventId, string Kind, string ObjectKey, DateTimeOffset OccurredAt, string Body, EventSource Source, bool? Test = null);

public enum EventSource
{
    Webhook,

    /// <summary>Found in the provider's own list, where the webhook had not come.</summary>
    Reconciled,

    /// <summary>The provider's answer when asked for one object.</summary>
    Fetched,
}
