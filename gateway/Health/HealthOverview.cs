using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Empire.Gateway.Health;

/// <summary><c>GET /health</c>: the whole installation in one answer, asked of each service now. 500 when anything is unhealthy.</summary>
internal sealed class HealthOverview(IHttpClientFactory clients, IConfiguration configuration, TimeProvider clock)
{
    public const string ClientName = "health";

    public async Task<IResult> HandleAsync(CancellationToken ct)
    {
        var answers = await Task.WhenAll(Routing.RouteTable.Services.Order(StringComparer.Ordinal).Select(service => AskAsync(service, ct)));
        using var self = Process.GetCurrentProcess();
        var healthy = answers.All(answer => answer.Status != HealthStatus.Unhealthy);
        var body = new
        {
            status = healthy ? "healthy" : "unhealthy",
            timestamp = clock.GetUtcNow(),
            version = typeof(HealthOverview).Assembly.GetName().Version?.ToString(3),
            checks = answers.ToDictionary(answer => answer.Service, answer => new { status = answer.Status.ToString().ToLowerInvariant(), detail = answer.Detail }),
            disk_free_bytes = new DriveInfo(Environment.CurrentDirectory).AvailableFreeSpace,
            memory_bytes = self.WorkingSet64,
            error = healthy ? null : string.Join("; ", answers.Where(a => a.Status == HealthStatus.Unhealthy).Select(a => $"{a.Service} is not ready")),
        };
        return Results.Json(body, statusCode: healthy ? StatusCodes.Status200OK : StatusCodes.Status500InternalServerError);
    }

    private async Task<(string Service, HealthStatus Status, JsonElement? Detail)> AskAsync(string service, CancellationToken ct)
    {
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var response = await client.GetAsync($"{configuration[$"services:{service}:http:0"]}/health/ready", ct);
            var detail = await response.Content.ReadFromJsonAsync<JsonElement>(ct);
            return (service, response.IsSuccessStatusCode ? HealthStatus.Healthy : HealthStatus.Unhealthy, detail);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return (service, HealthStatus.Unhealthy, null);
        }
    }
}

internal static class HealthOverviewExtensions
{
    public static void AddHealthOverview(this IServiceCollection services)
    {
        services.AddHttpClient(HealthOverview.ClientName, client => client.Timeout = TimeSpan.FromSeconds(3));
        services.AddSingleton<HealthOverview>();
    }

    public static void MapHealthOverview(this WebApplication app) =>
        app.MapGet("/health", (HealthOverview overview, CancellationToken ct) => overview.HandleAsync(ct)).WithName("Health").AllowAnonymous();
}
