using Empire.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Empire.Telemetry.Settling;

/// <summary>Are all agents' samples summed? Degraded, not unready, where some agent's cannot be: nobody else is concerned, and its samples are kept.</summary>
internal sealed class SettlingHealthCheck(Database db) : IHealthCheck
{
    private const int Lasting = 3; // failures in a row: one may be the database's

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var work = await db.BeginSystemAsync(cancellationToken);
            var agents = await work.QuerySingleAsync<long>("select count(*) from settlements where failures > 0 and failures >= @Lasting", new { Lasting }, cancellationToken);
            return agents == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded($"Samples of {agents} agents cannot be settled; settlements.failure says why.");
        }
        catch (NpgsqlException e)
        {
            return HealthCheckResult.Degraded("The database gives no answer.", e);
        }
    }
}
