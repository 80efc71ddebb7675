using System.Globalization;
using System.Text.Json;
using Empire.Gateway.Requests;
using Empire.Gateway.Routing;
using Empire.Gateway.Shared;
using Empire.Health;
using Empire.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Empire.Gateway.Health;

/// <summary><c>GET /health</c>: the whole installation in one answer, asked of each replica of each service now. 500 when anything is unhealthy; a part that works with less than it should is degraded.</summary>
internal sealed class HealthOverview(ReplicaReports replicas, IConfiguration configuration, SharedState shared, RecentErrors errors, ServerCertificate certificate, ThisService service, TimeProvider clock)
{
    /// <summary>The service that recipes and pieces come from, with the keys of the models it asks.</summary>
    private const string Writer = "content";

    private const long LeastDiskBytes = 256L * 1024 * 1024;

    private readonly Lock gate = new();
    private Task<IResult>? look;

    /// <summary>Anybody may ask, and each look asks every replica: whoever comes while one is under way gets what it finds.</summary>
    public async Task<IResult> HandleAsync(CancellationToken ct)
    {
        Task<IResult> mine;
        lock (gate) mine = look = look is { IsCompleted: false } ? look : LookAsync();
        return await mine.WaitAsync(ct);
    }

    private async Task<IResult> LookAsync()
    {
        var ct = CancellationToken.None; // not one client's to give up; each question has its own limit
        var services = RouteTable.Built.Order(StringComparer.Ordinal).ToArray();
        var asked = await Task.WhenAll(services.Select(name => replicas.AskAsync(name, business: name == Writer, ct)));
        var all = asked.SelectMany(reports => reports).ToArray();
        var writers = all.Where(report => report.Service == Writer).ToArray();
        var checks = new Dictionary<string, Check>(StringComparer.Ordinal)
        {
            ["database"] = Database(asked),
            ["redis"] = await RedisAsync(),
            ["external_apis"] = Faults(all, "provider.") ?? new(HealthStatus.Healthy, configuration["Empire:Providers"] is { Length: > 0 } said ? said : "emulated by the sandbox where no key is set"),
            ["api_key"] = Faults(writers, "key.") ?? new(HealthStatus.Healthy),
            ["disk_space"] = DiskSpace(),
            ["memory_usage"] = Memory(all),
            ["last_recipe_generation"] = LastRecipe(writers),
            ["recent_errors"] = new(HealthStatus.Healthy, $"{errors.InTheLastHour} in the last hour"),
        };
        if (certificate.Judge() is { } judged) checks["certificate"] = new(judged.Status, judged.Reason);
        foreach (var reports in asked) checks[reports[0].Service] = Serves(reports);
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

    /// <summary>A service is there while one of its replicas is.</summary>
    private static Check Serves(IReadOnlyList<ReplicaReport> reports)
    {
        var (name, ready) = (reports[0].Service, reports.Count(report => report.Ready));
        var detail = reports.Count == 1 ? reports[0].Said : JsonSerializer.SerializeToElement(reports.Select(report => report.Said));
        if (ready == reports.Count) return new(HealthStatus.Healthy, null, detail);
        if (ready > 0) return new(HealthStatus.Degraded, $"{reports.Count - ready} of {reports.Count} replicas of {name} are not ready", detail);
        return new(HealthStatus.Unhealthy, reports.All(report => report.Said is null) ? $"{name} does not answer" : $"{name} is not ready", detail);
    }

    /// <summary>Each service answers for its own database; the names of those whose database is gone are given.</summary>
    private static Check Database(IReadOnlyList<ReplicaReport>[] asked)
    {
        static bool IsWithout(ReplicaReport report) => report.Lines.TryGetValue("database", out var line) && line.Status == "unhealthy";
        var without = asked.Where(reports => reports.Any(IsWithout)).ToArray();
        if (without.Length == 0) return new(HealthStatus.Healthy);
        var gone = without.Where(reports => reports.All(report => IsWithout(report) || report.Said is null)).ToArray();
        return gone.Length > 0 ? new(HealthStatus.Unhealthy, $"database of {NamesOf(gone)} does not answer") : new(HealthStatus.Degraded, $"database of {NamesOf(without)} does not answer one of the replicas");

        static string NamesOf(IReadOnlyList<ReplicaReport>[] services) => string.Join(", ", services.Select(reports => reports[0].Service));
    }

    private async Task<Check> RedisAsync()
    {
        var (answered, _) = await shared.TryAsync(redis => redis.PingAsync());
        return answered ? new(HealthStatus.Healthy) : new(HealthStatus.Degraded, "redis does not answer; limits are each gateway's own");
    }

    /// <summary>What replicas have seen of the providers they call: nobody is called for it.</summary>
    /// <param name="kind">How the lines' names begin; what follows is the provider's name.</param>
    /// <returns>Null where nobody has anything to say.</returns>
    private static Check? Faults(ReplicaReport[] reports, string kind)
    {
        var faults = reports.SelectMany(report => report.Lines.Where(line => line.Key.StartsWith(kind, StringComparison.Ordinal) && line.Value.Status != "healthy"), (report, line) => (report.Service, Provider: line.Key[kind.Length..], line.Value.Reason))
            .DistinctBy(fault => (fault.Service, fault.Provider)).Select(fault => $"{fault.Provider} ({fault.Service}): {fault.Reason}").ToArray();
        return faults.Length == 0 ? null : new(HealthStatus.Degraded, string.Join(" ", faults));
    }

    private static Check DiskSpace()
    {
        var free = new DriveInfo(Environment.CurrentDirectory).AvailableFreeSpace;
        return new(free < LeastDiskBytes ? HealthStatus.Degraded : HealthStatus.Healthy, $"{free / 1024 / 1024} MB free");
    }

    /// <summary>The worst of the gateway's own and the replicas'.</summary>
    private Check Memory(ReplicaReport[] reports)
    {
        var (status, reason) = MemoryUse.Now(configuration.GetValue<long?>(MemoryUse.LimitSetting)).Judge();
        var tight = reports.Where(report => report.Lines.TryGetValue("memory", out var line) && line.Status != "healthy").Select(report => (report.Service, Line: report.Lines["memory"])).ToArray();
        var worst = status is HealthStatus.Unhealthy || tight.Any(one => one.Line.Status == "unhealthy") ? HealthStatus.Unhealthy : status is HealthStatus.Degraded || tight.Length > 0 ? HealthStatus.Degraded : HealthStatus.Healthy;
        var said = tight.Select(one => $"{one.Service}: {one.Line.Reason}");
        return new(worst, string.Join("; ", status is HealthStatus.Healthy && tight.Length > 0 ? said : said.Prepend(reason).Distinct(StringComparer.Ordinal)));
    }

    /// <summary>Since when there was no new one, where there should be: who never made one need not.</summary>
    private static Check LastRecipe(ReplicaReport[] writers)
    {
        if (writers.Select(report => report.Business.GetValueOrDefault("last_recipe")).FirstOrDefault(line => line is not null) is not { } line) return new(HealthStatus.Degraded, $"unknown: {Writer} does not say");
        var at = line.LastAt is { } last ? last.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture) : null;
        return line.Status == "healthy" ? new(HealthStatus.Healthy, at ?? "none yet") : new(HealthStatus.Degraded, $"{at}. {line.Reason}");
    }

    private static string NameOf(HealthStatus status) => status.ToString().ToLowerInvariant();

    private sealed record Check(HealthStatus Status, string? Reason = null, JsonElement? Detail = null);
}

internal static class HealthOverviewExtensions
{
    public static void AddHealthOverview(this IServiceCollection services)
    {
        services.AddHttpClient(ReplicaReports.ClientName, client => client.Timeout = TimeSpan.FromSeconds(3));
        services.AddSingleton<ReplicaReports>();
        services.AddSingleton<RecentErrors>();
        services.AddSingleton<HealthOverview>();
    }

    public static void MapHealthOverview(this WebApplication app) =>
        app.MapMethods("/health", ["GET", "HEAD"], (HealthOverview overview, CancellationToken ct) => overview.HandleAsync(ct)).WithName("Health").WithTags("Health")
            .WithSummary("The whole installation in one answer").Under("/health");
}
