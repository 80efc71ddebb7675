using System.Diagnostics;
using System.Text.Json;
using Empire.Gateway.Routing;
using Empire.Gateway.Shared;
using Empire.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Empire.Gateway.Health;

/// <summary><c>GET /health</c>: the whole installation in one answer, asked of each service now. 500 when anything is unhealthy.</summary>
internal sealed class HealthOverview(IHttpClientFactory clients, IConfiguration configuration, SharedState shared, RecentErrors errors, ThisService service, TimeProvider clock)
{
    public const string ClientName = "health";

    private const long LeastDiskBytes = 256L * 1024 * 1024;

    public async Task<IResult> HandleAsync(CancellationToken ct)
    {
        var asked = await Task.WhenAll(RouteTable.Built.Order(StringComparer.Ordinal).Select(name => AskAsync(name, ct)));
        var checks = new Dictionary<string, Check>(StringComparer.Ordinal)
        {
            ["database"] = Database(asked),
            ["redis"] = await RedisAsync(),
            ["external_apis"] = ExternalApis(),
            ["api_key"] = asked.First(answer => answer.Service == "identity").Check with { Detail = null },   // keys are checked by identity
            ["disk_space"] = DiskSpace(),
            ["memory_usage"] = Memory(),
            ["last_recipe_generation"] = await LastRecipeAsync(ct),
            ["recent_errors"] = new(HealthStatus.Healthy, $"{errors.InTheLastHour} in the last hour"),
        };
        foreach (var (name, check) in asked) checks[name] = check;
        var sick = checks.Where(check => check.Value.Status is HealthStatus.Unhealthy).ToArray();
        var worst = sick.Length > 0 ? HealthStatus.Unhealthy : checks.Values.Any(check => check.Status is HealthStatus.Degraded) ? HealthStatus.Degraded : HealthStatus.Healthy;
        var body = new
        {
            status = NameOf(worst),
            timestamp = clock.GetUtcNow(),
            version = service.Version,
            checks = checks.ToDictionary(check => check.Key, check => new { status = NameOf(check.Value.Status), reason = check.Value.Reason, detail = check.Value.Detail }),
            error = sick.Length == 0 ? null : string.Join("; ", sick.Select(check => check.Value.Reason ?? $"{check.Key} is not ready")),
        };
        return Results.Json(body, statusCode: worst == HealthStatus.Unhealthy ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK);
    }

    /// <summary>Each service answers for its own database; the names of those whose database is gone are given.</summary>
    private static Check Database((string Service, Check Check)[] asked)
    {
        var without = asked.Where(answer => answer.Check.Detail is { ValueKind: JsonValueKind.Object } detail && detail.TryGetProperty("checks", out var lines)
            && lines.TryGetProperty("database", out var line) && line.GetProperty("status").GetString() == "unhealthy").Select(answer => answer.Service).ToArray();
        return without.Length == 0 ? new(HealthStatus.Healthy) : new(HealthStatus.Unhealthy, $"database of {string.Join(", ", without)} does not answer");
    }

    private async Task<Check> RedisAsync()
    {
        var (answered, _) = await shared.TryAsync(redis => redis.PingAsync());
        return answered ? new(HealthStatus.Healthy) : new(HealthStatus.Degraded, "redis does not answer; limits are each gateway's own");
    }

    /// <summary>Whether the providers are the real ones, as the installation was configured: nobody is called for it.</summary>
    private Check ExternalApis() =>
        configuration["Empire:Providers"] is { Length: > 0 } said ? new(HealthStatus.Healthy, said) : new(HealthStatus.Healthy, "emulated by the sandbox where no key is set");

    private static Check DiskSpace()
    {
        var free = new DriveInfo(Environment.CurrentDirectory).AvailableFreeSpace;
        return new(free < LeastDiskBytes ? HealthStatus.Degraded : HealthStatus.Healthy, $"{free / 1024 / 1024} MB free");
    }

    private static Check Memory()
    {
        using var self = Process.GetCurrentProcess();
        return new(HealthStatus.Healthy, $"{self.WorkingSet64 / 1024 / 1024} MB in this process");
    }

    private async Task<Check> LastRecipeAsync(CancellationToken ct)
    {
        var (_, check) = await AskAsync("content", ct, "business");
        if (check.Detail is not { ValueKind: JsonValueKind.Object } detail || !detail.TryGetProperty("checks", out var lines)) return new(HealthStatus.Healthy, "unknown");
        var last = lines.EnumerateObject().Select(line => line.Value.TryGetProperty("last_at", out var at) && at.ValueKind == JsonValueKind.String ? at.GetString() : null).Max(StringComparer.Ordinal);
        return new(HealthStatus.Healthy, last ?? "none yet");
    }

    private async Task<(string Service, Check Check)> AskAsync(string name, CancellationToken ct, string probe = "ready")
    {
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var response = await client.GetAsync($"{configuration[$"services:{name}:http:0"]}/health/{probe}", ct);
            var detail = await response.Content.ReadFromJsonAsync<JsonElement>(ct);
            return (name, response.IsSuccessStatusCode ? new(HealthStatus.Healthy, null, detail) : new(HealthStatus.Unhealthy, $"{name} is not ready", detail));
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException or UriFormatException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return (name, new(HealthStatus.Unhealthy, $"{name} does not answer"));
        }
    }

    private static string NameOf(HealthStatus status) => status.ToString().ToLowerInvariant();

    private sealed record Check(HealthStatus Status, string? Reason = null, JsonElement? Detail = null);
}

internal static class HealthOverviewExtensions
{
    public static void AddHealthOverview(this IServiceCollection services)
    {
        services.AddHttpClient(HealthOverview.ClientName, client => client.Timeout = TimeSpan.FromSeconds(3));
        services.AddSingleton<RecentErrors>();
        services.AddSingleton<HealthOverview>();
    }

    public static void MapHealthOverview(this WebApplication app) =>
        app.MapMethods("/health", ["GET", "HEAD"], (HealthOverview overview, CancellationToken ct) => overview.HandleAsync(ct)).WithName("Health").WithTags("Health")
            .WithSummary("The whole installation in one answer").Under("/health");
}
