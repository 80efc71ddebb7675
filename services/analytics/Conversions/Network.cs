using System.ComponentModel.DataAnnotations;
using Empire.Http;

namespace Empire.Analytics.Conversions;

/// <summary>Section <c>Providers:{Network}</c>.</summary>
public sealed class NetworkOptions : ProviderOptions
{
    /// <summary>Opens the network's report.</summary>
    [Required] public string Token { get; set; } = "";

    /// <summary>Shared with the network: it signs its postbacks with it, or sends it as a key.</summary>
    [Required, MinLength(16)] public string PostbackSecret { get; set; } = "";
}

/// <param name="Name">As in <c>/api/conversions/{network}</c>, and in settings with a capital.</param>
/// <param name="TokenInQuery">How the report wants its token: as the query parameter <c>token</c>, otherwise as a bearer.</param>
public sealed record Network(string Name, string Provider, bool TokenInQuery)
{
    public static IReadOnlyList<Network> All { get; } = [new("meadow", "Meadow", TokenInQuery: true), new("harbor", "Harbor", TokenInQuery: false)];

    public static Network? Find(string name) => All.FirstOrDefault(network => string.Equals(network.Name, name, StringComparison.OrdinalIgnoreCase));
}
