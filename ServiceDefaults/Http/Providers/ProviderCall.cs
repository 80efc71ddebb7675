using Polly;

namespace Empire.Http;

/// <summary>What the resilience pipeline must know of one call.</summary>
/// <param name="request">The same message in every attempt.</param>
internal sealed class ProviderCall(HttpRequestMessage request)
{
    private static readonly ResiliencePropertyKey<ProviderCall> Key = new("empire.call");

    public HttpRequestMessage Request => request;

    /// <summary>See <see cref="ProviderCircuit.Of"/>; null: the provider's own.</summary>
    public string? Circuit => request.Options.TryGetValue(ProviderCircuit.Of, out var part) ? part : null;

    /// <summary>Only what the provider will not do twice: a read, or a write under a key that it knows repeats by.</summary>
    public bool MayRepeat => request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Headers.Contains("Idempotency-Key");

    /// <summary>True once any attempt may have reached the provider; until then the act surely did not happen.</summary>
    public bool Sent { get; set; }

    public void AttachTo(ResilienceContext context) => context.Properties.Set(Key, this);

    public static ProviderCall Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);
}
