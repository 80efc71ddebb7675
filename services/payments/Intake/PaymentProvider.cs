using System.Text.Json;
using Empire.Payments.Facts;

namespace Empire.Payments.Intake;

/// <summary>How one provider's words become facts.</summary>
public abstract class PaymentProvider(string name)
{
    /// <summary>stripe, flutterwave or nowpayments.</summary>
    public string Name => name;

    /// <summary>Says what an event means. Pure, of the event alone and of no setting: the same event gives the same facts, so that the books can be made anew from the log.</summary>
    /// <exception cref="JsonException">The body is not what this kind of event looks like.</exception>
    public Translation Translate(ProviderEvent told) => Translate(told, Json.Parse(told.Body));

    /// <inheritdoc cref="Translate(ProviderEvent)"/>
    /// <param name="body">Of <paramref name="told"/>, read already.</param>
    public abstract Translation Translate(ProviderEvent told, JsonElement body);

    /// <summary>Asks for an object that an event only named.</summary>
    /// <param name="path">As <see cref="Translation.ToFetch"/> gave it.</param>
    /// <returns>What was answered, to be stored and taken in; none where the provider knows no such object.</returns>
    /// <exception cref="Http.ProviderException">No answer, or a refusal.</exception>
    public abstract Task<IReadOnlyList<ProviderEvent>> FetchAsync(string path, CancellationToken ct);

    /// <summary>Everything the provider's lists hold since a time, and what it answers about what may have changed without them.</summary>
    public abstract IAsyncEnumerable<ProviderEvent> ListAsync(DateTimeOffset since, CancellationToken ct);
}
