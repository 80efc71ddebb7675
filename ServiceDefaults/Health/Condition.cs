using Empire.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Empire.Health;

/// <summary>What does not stop this process from serving and should be known all the same: its memory, and how the providers it calls have answered it.</summary>
internal sealed class Condition(IEnumerable<RegisteredProvider> providers, IServiceProvider services, IConfiguration configuration)
{
    /// <summary>Names of lines are <c>memory</c>, <c>provider.{name}</c> and <c>key.{name}</c>.</summary>
    public const string Memory = "memory", Provider = "provider.", Key = "key.";

    public (HealthStatus Status, IReadOnlyDictionary<string, HealthLine> Lines) Check()
    {
        var memory = MemoryUse.Now(configuration.GetValue<long?>(MemoryUse.LimitSetting)).Judge();
        var lines = new Dictionary<string, HealthLine>(StringComparer.Ordinal) { [Memory] = new(HealthEndpoints.NameOf(memory.Status), memory.Reason) };
        var worst = memory.Status;
        foreach (var name in providers.Select(provider => provider.Name).Distinct(StringComparer.Ordinal))
        {
            var standing = services.GetRequiredKeyedService<ProviderResilience>(name).Standing;
            Add(Provider + name, standing.Fault());
            Add(Key + name, standing.KeyFault());
        }
        return (worst, lines);

        void Add(string name, string? fault)
        {
            var status = fault is null ? HealthStatus.Healthy : HealthStatus.Degraded;
            if (status < worst) worst = status; // Unhealthy is 0
            lines[name] = new(HealthEndpoints.NameOf(status), fault);
        }
    }
}
