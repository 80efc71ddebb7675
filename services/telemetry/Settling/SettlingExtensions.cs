using Empire.Configuration;
using Empire.Telemetry.Agents;
using Empire.Telemetry.Storage;

namespace Empire.Telemetry.Settling;

internal static class SettlingExtensions
{
    public static void AddSettling(this WebApplicationBuilder builder)
    {
        builder.AddSettings<SettleOptions>("Settling");
        builder.Services.AddSingleton<SettleSignal>();
        builder.Services.AddSingleton<Settler>();
        builder.Services.AddSingleton<AgentWatch>();
        builder.Services.AddSingleton<GpuWatch>();
        builder.Services.AddSingleton<RollUpCheck>();
        builder.Services.AddSingleton<Retention>();
        builder.Services.AddHealthChecks().AddCheck<SettlingHealthCheck>("settling", tags: ["ready"], timeout: TimeSpan.FromSeconds(3));
        builder.Services.AddHostedService(services => services.GetRequiredService<Retention>()); // before the others: it makes the partitions
        builder.Services.AddHostedService(services => services.GetRequiredService<Settler>());
        builder.Services.AddHostedService(services => services.GetRequiredService<AgentWatch>());
        builder.Services.AddHostedService(services => services.GetRequiredService<GpuWatch>());
        builder.Services.AddHostedService(services => services.GetRequiredService<RollUpCheck>());
    }
}
