using System.Diagnostics.Metrics;
using Empire.Configuration;
using Empire.Data;
using Empire.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Empire;

public static class SealerExtensions
{
    private const string Setting = "Empire:EncryptionKeys";

    /// <summary>Registers <see cref="Sealer"/> from <c>Empire:EncryptionKeys</c>: base64 of 32 random bytes each, comma-separated, the newest first; the same in every
    /// service of an installation, never the same in two.</summary>
    public static TBuilder AddSealer<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.CheckSetting(Setting, "base64 of 32 random bytes, newest first, comma-separated (openssl rand -base64 32)", text => Read(text) is { Count: > 0 });
        builder.Services.AddSingleton(services => new Sealer(Read(services.GetRequiredService<IConfiguration>()[Setting])!));
        return builder;
    }

    /// <summary>Names a column of this service that a <see cref="Sealer"/> seals. Its values follow the newest key by themselves, at the start and every hour; the line <c>sealed_values</c> of
    /// <c>/health/ready</c> says when all have. Without it a value is lost with the key that sealed it.</summary>
    /// <param name="table">A table with <c>kernel.system_access</c>.</param>
    /// <param name="id">Its uuid column that says whose the value is.</param>
    /// <param name="column">Text, or null where there is no secret.</param>
    /// <param name="purposeOf">The purpose that the value of this id is sealed for.</param>
    /// <param name="keyColumn">Where the table keeps the key's id beside the value; null where it does not.</param>
    public static IServiceCollection AddSealedColumn(this IServiceCollection services, string table, string id, string column, Func<Guid, string> purposeOf, string? keyColumn = null)
    {
        services.AddSingleton(new SealedColumn(table, id, column, purposeOf, keyColumn));
        if (services.Any(service => service.ServiceType == typeof(Resealing))) return services;
        services.AddSingleton(provider => new Resealing(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<Sealer>(), provider.GetServices<SealedColumn>(), provider.GetRequiredService<ILogger<Resealing>>(),
            provider.GetRequiredService<IMeterFactory>()));
        services.AddHostedService<ListedKeys>();
        services.AddHostedService<ResealingWorker>();
        services.AddHealthChecks().AddCheck<SealedValuesCheck>("sealed_values", tags: ["ready"]);
        return services;
    }

    /// <returns>Null when anything in the list is no key.</returns>
    private static List<byte[]>? Read(string? text)
    {
        List<byte[]> keys = [];
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var key = new byte[32];
            if (!Convert.TryFromBase64String(part, key, out var length) || length != 32) return null;
            keys.Add(key);
        }
        return keys;
    }
}
