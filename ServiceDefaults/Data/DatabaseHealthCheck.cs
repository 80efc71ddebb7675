using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Empire.Data;

/// <summary>Ready means: a runtime role gets an answer. The reason of a failure goes to the log and the health report, not to a caller.</summary>
internal sealed class DatabaseHealthCheck(Database database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var work = await database.BeginSystemAsync(cancellationToken);
            await work.QuerySingleAsync<int>("select 1", ct: cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException e)
        {
            return HealthCheckResult.Unhealthy("The database gives no answer.", e);
        }
    }
}
