using Empire.Configuration;
using Empire.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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
