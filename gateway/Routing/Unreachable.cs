using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Empire.Gateway.Routing;

/// <summary>Takes a replica that cannot be reached out of the choice at the first request that finds it so, and that goes on to another (<see cref="AnotherReplica"/>). A rate of failures would need many more: who has just answered a thousand requests would have to
/// fail hundreds. A request that is slow, refused or broken off says nothing of the replica and does not count.</summary>
/// <remarks>It comes back after <see cref="Rest"/>, unless the probes have found it dead too: then with the first that it answers. Where no replica is left, all are tried.</remarks>
internal sealed class Unreachable(IDestinationHealthUpdater health) : IPassiveHealthCheckPolicy
{
    private const string PolicyName = nameof(Unreachable);

    /// <summary>Longer than the probes take to find a replica dead, so that between the two no request meets it.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);

    public static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(5);

    public string Name => PolicyName;

    /// <summary>For a cluster of several; one that is alone is tried whatever is known of it, and costs no probes.</summary>
    public static HealthCheckConfig Checks { get; } = new()
    {
        AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
        Passive = new() { Enabled = true, Policy = PolicyName, ReactivationPeriod = Rest },
        Active = new() { Enabled = true, Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures, Path = "/health/ready", Interval = ProbeEvery, Timeout = TimeSpan.FromSeconds(3) },
    };

    /// <summary>No connection was made, so nothing of the request has reached anybody.</summary>
    public static bool IsUnsent(HttpContext context) => context.Features.Get<IForwarderErrorFeature>() is { } fault && IsUnsent(fault);

    /// <inheritdoc cref="IsUnsent(HttpContext)"/>
    public static bool IsUnsent(IForwarderErrorFeature fault) =>
        fault is { Error: ForwarderError.Request, Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } };

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        if (IsUnsent(context)) health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, Rest);
    }
}
