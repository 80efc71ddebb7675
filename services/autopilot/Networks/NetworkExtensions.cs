using System.ComponentModel.DataAnnotations;
using Empire.Credentials;
using Empire.Http;

namespace Empire.Autopilot.Networks;

/// <summary>Section "Providers:{network}".</summary>
public sealed class NetworkOptions : ProviderOptions
{
    /// <summary>The publisher's token at the network.</summary>
    [Required, ProviderKey("platform")] public string Token { get; set; } = "";
}

public static class NetworkExtensions
{
    public static void AddNetworks(this IHostApplicationBuilder builder)
    {
        builder.AddProvider<NetworkOptions>(MeadowNetwork.ProviderName);
        builder.AddProvider<NetworkOptions>(HarborNetwork.ProviderName);
        builder.Services.AddSingleton<INetwork>(services => new MeadowNetwork(
            services.GetRequiredService<IHttpClientFactory>(), services.GetRequiredKeyedService<NetworkOptions>(MeadowNetwork.ProviderName)));
        builder.Services.AddSingleton<INetwork>(services => new HarborNetwork(
            services.GetRequiredService<IHttpClientFactory>(), services.GetRequiredKeyedService<NetworkOptions>(HarborNetwork.ProviderName)));
    }
}
