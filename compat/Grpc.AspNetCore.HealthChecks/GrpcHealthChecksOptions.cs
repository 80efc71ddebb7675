using System.Collections.ObjectModel;

namespace Grpc.AspNetCore.HealthChecks;

public sealed class GrpcHealthChecksOptions
{
    /// <summary>Which checks make up which service. At first only the empty name, over all checks.</summary>
    public ServiceMappingCollection Services { get; } = [new ServiceMapping("", _ => true)];

    /// <summary>Answers with the last published report rather than running the checks for each question.</summary>
    public bool UseHealthChecksCache { get; set; }

    /// <summary>Leaves watches open when the host stops; it then waits for them until its shutdown timeout.</summary>
    public bool SuppressCompletionOnShutdown { get; set; }
}

/// <summary>The health checks of one service.</summary>
/// <param name="name">As callers ask for it: the empty string, or a service's full name.</param>
public sealed class ServiceMapping(string name, Func<HealthCheckMapContext, bool> healthCheckPredicate)
{
    public string Name { get; } = name;

    public Func<HealthCheckMapContext, bool> HealthCheckPredicate { get; } = healthCheckPredicate;
}

/// <summary>A health check that may belong to a service.</summary>
public sealed class HealthCheckMapContext(string name, IEnumerable<string> tags)
{
    public string Name { get; } = name;

    public IEnumerable<string> Tags { get; } = tags;
}

/// <summary>Service mappings by name.</summary>
public sealed class ServiceMappingCollection() : KeyedCollection<string, ServiceMapping>()
{
    /// <summary>Sets the checks of a service, in place of those it had.</summary>
    public void Map(string name, Func<HealthCheckMapContext, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(predicate);
        Remove(name);
        Add(new(name, predicate));
    }

    protected override string GetKeyForItem(ServiceMapping item) => item.Name;
}
