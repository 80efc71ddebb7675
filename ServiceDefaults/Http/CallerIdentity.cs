using Empire.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Empire.Http;

/// <summary>The key that all services of one installation share: <c>Empire:InternalKey</c>, base64 of at least 32 random bytes.</summary>
internal static class CallerIdentity
{
    private const string Setting = "Empire:InternalKey";

    public static void AddCallerIdentity(this IHostApplicationBuilder builder)
    {
        builder.CheckSetting(Setting, "base64 of at least 32 random bytes, the same in every service (openssl rand -base64 32)", text => TryDecode(text, out _));
        builder.Services.AddSingleton<ServiceCalls>();
        builder.Services.AddSingleton(provider => new CallerToken(KeyIn(provider.GetRequiredService<IConfiguration>()), provider.GetRequiredService<TimeProvider>()));
    }

    /// <exception cref="StartupException">There is none.</exception>
    public static byte[] KeyIn(IConfiguration configuration) =>
        TryDecode(configuration[Setting], out var key) ? key : throw new StartupException([$"{Setting} is not base64 of at least 32 bytes"]);

    private static bool TryDecode(string? text, out byte[] key)
    {
        key = new byte[(text?.Length ?? 0) / 4 * 3 + 3];
        if (text is null || !Convert.TryFromBase64String(text, key, out var written) || written < 32) return false;
        Array.Resize(ref key, written);
        return true;
    }
}
