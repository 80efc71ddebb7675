using System.Text.Json;

namespace Empire.Gateway.Health;

/// <summary>What one replica of a service says of itself, asked just now.</summary>
/// <param name="Ready">Whether it serves.</param>
/// <param name="Said">Its own report; null where it does not answer.</param>
/// <param name="Lines">Those of <c>/health/ready</c> and, below, of <c>/health/condition</c>.</param>
/// <param name="Business">Those of <c>/health/business</c>, where they were asked for.</param>
internal sealed record ReplicaReport(string Service, bool Ready, JsonElement? Said, IReadOnlyDictionary<string, ReportLine> Lines, IReadOnlyDictionary<string, ReportLine> Business);

/// <param name="Status">healthy, degraded or unhealthy.</param>
internal sealed record ReportLine(string Status, string? Reason, DateTimeOffset? LastAt);

/// <summary>Asks every replica of a service, as they stand in <c>services:{name}:http:{n}</c>.</summary>
internal sealed class ReplicaReports(IHttpClientFactory clients, IConfiguration configuration)
{
    public const string ClientName = "health";

    private static readonly Dictionary<string, ReportLine> None = [];

    /// <param name="business">Also what has happened lately.</param>
    /// <returns>One that does not answer where no address is known.</returns>
    public async Task<IReadOnlyList<ReplicaReport>> AskAsync(string service, bool business, CancellationToken ct)
    {
        var addresses = configuration.GetSection($"services:{service}:http").GetChildren().Select(replica => replica.Value).OfType<string>().ToArray();
        return addresses.Length == 0 ? [new(service, false, null, None, None)] : await Task.WhenAll(addresses.Select(address => AskAsync(service, address, business, ct)));
    }

    private async Task<ReplicaReport> AskAsync(string service, string address, bool business, CancellationToken ct)
    {
        var (asked, condition, lately) = (GetAsync(address, "ready", ct), GetAsync(address, "condition", ct), business ? GetAsync(address, "business", ct) : Task.FromResult<Said>(new(false, null)));
        await Task.WhenAll(asked, condition, lately);
        var ready = await asked;
        var lines = LinesOf((await condition).Report);
        foreach (var (name, line) in LinesOf(ready.Report)) lines[name] = line;
        return new(service, ready.Success, ready.Report, lines, LinesOf((await lately).Report));
    }

    private async Task<Said> GetAsync(string address, string probe, CancellationToken ct)
    {
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var response = await client.GetAsync($"{address.TrimEnd('/')}/health/{probe}", ct);
            return new(response.IsSuccessStatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(ct));
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException or UriFormatException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return new(false, null);
        }
    }

    private static Dictionary<string, ReportLine> LinesOf(JsonElement? report)
    {
        var lines = new Dictionary<string, ReportLine>(StringComparer.Ordinal);
        if (report is not { ValueKind: JsonValueKind.Object } said || !said.TryGetProperty("checks", out var checks) || checks.ValueKind != JsonValueKind.Object) return lines;
        foreach (var check in checks.EnumerateObject().Where(check => check.Value.ValueKind == JsonValueKind.Object && check.Value.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.String))
        {
            var reason = check.Value.TryGetProperty("reason", out var why) && why.ValueKind == JsonValueKind.String ? why.GetString() : null;
            lines[check.Name] = new(check.Value.GetProperty("status").GetString()!, reason, check.Value.TryGetProperty("last_at", out var at) && at.ValueKind == JsonValueKind.String && at.TryGetDateTimeOffset(out var last) ? last : null);
        }
        return lines;
    }

    /// <param name="Report">Null where there was no answer, or none that could be read.</param>
    private sealed record Said(bool Success, JsonElement? Report);
}
