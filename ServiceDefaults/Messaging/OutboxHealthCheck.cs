using Empire.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Empire.Messaging;

/// <summary>Do events get out? Degraded, not unready, when they do not: the service goes on and the outbox keeps them.</summary>
internal sealed class OutboxHealthCheck(Database database, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(30);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var work = await database.BeginSystemAsync(cancellationToken);
            return await OutboxTable.OldestAsync(work, cancellationToken) is { } oldest && clock.GetUtcNow() - oldest > Late
                ? HealthCheckResult.Degraded($"The oldest event has been waiting for the broker since {oldest:u}.")
                : HealthCheckResult.Healthy();
        }
        catch (NpgsqlException e)
        {
            return HealthCheckResult.Degraded("The database gives no answer.", e);
        }
    }
}
