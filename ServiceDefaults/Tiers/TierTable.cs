using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Empire.Tiers;

/// <summary>The one table of tiers: <c>tiers.json</c> beside this file, each value of which a setting <c>Tiers:{tier}:{limit}</c> may override ("" lifts a limit).</summary>
public sealed class TierTable
{
    public const string Free = "free", Professional = "professional", Enterprise = "enterprise";

    /// <summary>From the least to the most.</summary>
    public static IReadOnlyList<string> All { get; } = [Free, Professional, Enterprise];

    private readonly Dictionary<string, TierLimits> tiers;

    public TierTable(IConfiguration configuration) =>
        tiers = All.ToDictionary(tier => tier, tier => configuration.GetSection($"Tiers:{tier}").Get<TierLimits>() ?? new());

    /// <exception cref="KeyNotFoundException">There is no such tier.</exception>
    public TierLimits this[string tier] => tiers[tier];

    /// <summary>The tier as it is stored, from what a client may write: <c>pro</c> is an alias of professional.</summary>
    /// <returns>Null when there is no such tier.</returns>
    public static string? Parse(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        Free => Free,
        Professional or "pro" => Professional,
        Enterprise => Enterprise,
        _ => null,
    };
}

public static class TierTableExtensions
{
    /// <summary>Registers <see cref="TierTable"/> and <see cref="TenantResources"/>; the defaults lie under every other source of the configuration.</summary>
    public static TBuilder AddTiers<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        using var json = typeof(TierTable).Assembly.GetManifestResourceStream("tiers.json")!;
        var defaults = new ConfigurationBuilder().AddJsonStream(json).Build();
        builder.Configuration.Sources.Insert(0, new ChainedConfigurationSource { Configuration = defaults });
        builder.Services.AddSingleton(services => new TierTable(services.GetRequiredService<IConfiguration>()));
        builder.Services.AddSingleton<TenantResources>();
        return builder;
    }
}
