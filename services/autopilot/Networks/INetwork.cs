using Empire.Autopilot.Feeds;
using Empire.Http;

namespace Empire.Autopilot.Networks;

/// <summary>An affiliate network whose products may be advertised.</summary>
public interface INetwork
{
    /// <summary>Lower case; part of the products' identity, so it never changes.</summary>
    string Name { get; }

    /// <summary>Everything the network offers now.</summary>
    /// <exception cref="ProviderException">The network refused or stayed unreachable.</exception>
    Task<ProductFeed> FetchAsync(CancellationToken ct);
}
