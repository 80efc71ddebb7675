using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Grpc.AspNetCore.HealthChecks.Internal;

static class HealthReports
{
    /// <summary>The status of a service, from the entries of a report that belong to it.</summary>
    public static ServingStatus StatusOf(ServiceMapping service, HealthReport report) =>
        report.Entries.Any(entry => entry.Value.Status == HealthStatus.Unhealthy && service.HealthCheckPredicate(new(entry.Key, entry.Value.Tags)))
            ? ServingStatus.NotServing
            : ServingStatus.Serving;
}
