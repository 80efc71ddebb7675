namespace Empire.Http;

/// <summary>Parts of a provider that fail each for itself: shops under one domain, each run by somebody else.</summary>
public static class ProviderCircuit
{
    /// <summary>Set on a request: which part it asks. Calls of the same part share a circuit, which opens when half of them fail; without it all calls of the provider share one.</summary>
    public static readonly HttpRequestOptionsKey<string> Of = new("empire.circuit");
}
