using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Clients.Tests;

/// <summary>Small programs, as the integrations are used in.</summary>
internal static class Programs
{
    /// <summary>With these settings and nothing of the machine's.</summary>
    public static HostApplicationBuilder With(params (string Key, string? Value)[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value));
        builder.Logging.SetMinimumLevel(LogLevel.None);
        return builder;
    }

    public static async Task<HealthStatus> HealthAsync(this IHost program, string check)
    {
        var report = await program.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        return report.Entries[check].Status;
    }

    /// <summary>The names of its health checks.</summary>
    public static async Task<IEnumerable<string>> ChecksAsync(this IHost program) =>
        (await program.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries.Keys.Order(StringComparer.Ordinal);
}
