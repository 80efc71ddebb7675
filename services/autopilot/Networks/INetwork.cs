using Empire.Autopilot.Feeds;
using Empire.Http;

namespace Empire.Autopilot.Networks;

/// <summary>An affiliate network whose products may be advertised.</summary>
public interface INetwork
{
    /// <summary>Lower case; part of the products' identity, so it never changes.</summary>
    string Name { get; }

    /// <summary>This installation does without it: its catalogue is not asked for, and what is left of it here is not advertised.</summary>
    bool Off { get; }

    /// <summary>Everything the network offers now.</summary>
    /// <exception cref="ProviderException">The network refused or stayed unreachable.</exception>
    Task<ProductFeed> FetchAsync(CancellationToken ct);
}
