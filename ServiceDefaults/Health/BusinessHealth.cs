using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Empire.Health;

/// <summary>Asks every <see cref="BusinessCheck"/> when its fact last happened.</summary>
internal sealed class BusinessHealth(IEnumerable<BusinessCheck> checks, IServiceProvider services, TimeProvider clock)
{
    private readonly DateTimeOffset startedAt = clock.GetUtcNow();

    public async Task<(HealthStatus Status, IReadOnlyDictionary<string, HealthLine> Lines)> CheckAsync(CancellationToken ct)
    {
        var worst = HealthStatus.Healthy;
        var lines = new Dictionary<string, HealthLine>(StringComparer.Ordinal);
        foreach (var check in checks)
        {
            var (status, line) = await CheckAsync(check, ct);
            if (status < worst) worst = status; // Unhealthy is 0
            lines[check.Name] = line;
        }
        return (worst, lines);
    }

    private async Task<(HealthStatus, HealthLine)> CheckAsync(BusinessCheck check, CancellationToken ct)
    {
        try
        {
            return Judge(check, await check.LastAsync(services, ct));
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            return (HealthStatus.Unhealthy, new("unhealthy", $"The check itself failed: {e.Message}"));
        }
    }

    private (HealthStatus, HealthLine) Judge(BusinessCheck check, DateTimeOffset? last)
    {
        var now = clock.GetUtcNow();
        if (last is null && check.OnceBegun) return (HealthStatus.Healthy, new("healthy", null));
        if (last is { } at && now - at <= check.Within) return (HealthStatus.Healthy, new("healthy", null, at));
        var reason = last is { } old
            ? $"Last completed {(now - old).TotalMinutes:0} minutes ago; wanted within {check.Within.TotalMinutes:0}."
            : $"Never completed; wanted within {check.Within.TotalMinutes:0} minutes.";
        var status = now - startedAt <= check.Within ? HealthStatus.Degraded : HealthStatus.Unhealthy; // just started: it has not had its time yet
        return (status, new(HealthEndpoints.NameOf(status), reason, last));
    }
}
