using Empire.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Empire.Health;

/// <summary>Live: the process answers. Ready: what it needs to serve is there. Business: what it is for has happened lately. Condition: what does not stop it and should be known.</summary>
internal static class HealthEndpoints
{
    public static void AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks();
        services.AddSingleton<BusinessHealth>();
        services.AddSingleton<Condition>();
    }

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.ServiceProvider.GetRequiredService<BusinessHealth>(); // its grace begins at the start of the service, not at the first question
        var health = app.MapGroup("/health").AllowAnonymous().ExcludeFromDescription();
        health.MapGet("/live", (ThisService service) => TypedResults.Ok(new { status = "healthy", service = service.Name, version = service.Version }));
        health.MapGet("/ready", ReadyAsync);
        health.MapGet("/business", BusinessAsync);
        health.MapGet("/condition", (Condition condition, ThisService service, TimeProvider clock) =>
        {
            var (status, lines) = condition.Check();
            return Answer(status, lines, service, clock);
        });
    }

    private static async Task<JsonHttpResult<HealthReport>> ReadyAsync(HealthCheckService checks, ThisService service, TimeProvider clock, CancellationToken ct)
    {
        var report = await checks.CheckHealthAsync(check => check.Tags.Contains("ready"), ct);
        var lines = report.Entries.ToDictionary(entry => entry.Key, entry => new HealthLine(NameOf(entry.Value.Status), ReasonOf(entry.Value)), StringComparer.Ordinal);
        return Answer(report.Status, lines, service, clock);
    }

    private static async Task<JsonHttpResult<HealthReport>> BusinessAsync(BusinessHealth business, ThisService service, TimeProvider clock, CancellationToken ct)
    {
        var (status, lines) = await business.CheckAsync(ct);
        return Answer(status, lines, service, clock);
    }

    private static JsonHttpResult<HealthReport> Answer(HealthStatus status, IReadOnlyDictionary<string, HealthLine> lines, ThisService service, TimeProvider clock) =>
        TypedResults.Json(
            new HealthReport(NameOf(status), service.Name, service.Version, clock.GetUtcNow(), lines),
            statusCode: status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);

    /// <summary>The first sentence only: an exception's message may carry an address, never its stack.</summary>
    private static string? ReasonOf(HealthReportEntry entry) =>
        entry.Status == HealthStatus.Healthy ? null : entry.Exception?.Message ?? entry.Description;

    internal static string NameOf(HealthStatus status) => status.ToString().ToLowerInvariant();
}
