using System.Text.Json;
using Empire.Http;

namespace Empire.Analytics.Conversions;

/// <summary>A network's own account of its conversions: <c>GET {base}/conversions?since=&amp;cursor=</c>, oldest change first.</summary>
public sealed class NetworkReport(IHttpClientFactory clients, IServiceProvider services)
{
    public sealed record ReportPage(IReadOnlyList<JsonElement> Data, string? NextCursor);

    /// <param name="since">Conversions changed at or after it; null for all.</param>
    /// <param name="cursor">Of the page before; null for the first.</param>
    /// <exception cref="ProviderException">The network refused, or stayed unreachable after the retries.</exception>
    public async Task<ReportPage> ReadAsync(Network network, DateTimeOffset? since, string? cursor, CancellationToken ct)
    {
        var token = services.GetRequiredKeyedService<NetworkOptions>(network.Provider).Token;
        var query = string.Join('&', Parameters(network, token, since, cursor));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(query.Length == 0 ? "conversions" : $"conversions?{query}", UriKind.Relative));
        if (!network.TokenInQuery) request.Headers.Authorization = new("Bearer", token);
        using var response = await clients.CreateClient(network.Provider).SendAsync(request, ct);
        if (!response.IsSuccessStatusCode) throw await ProviderException.FromAsync(network.Provider, response, ct);
        using var document = await ParseAsync(network, response, ct);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array) throw new ProviderException(network.Provider, response.StatusCode, "the report has no array 'data'");
        var next = root.TryGetProperty("next_cursor", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return new([.. data.EnumerateArray().Select(row => row.Clone())], next);
    }

    private static IEnumerable<string> Parameters(Network network, string token, DateTimeOffset? since, string? cursor)
    {
        if (network.TokenInQuery) yield return $"token={Uri.EscapeDataString(token)}";
        if (since is { } from) yield return $"since={Uri.EscapeDataString(from.UtcDateTime.ToString("O"))}";
        if (cursor is not null) yield return $"cursor={Uri.EscapeDataString(cursor)}";
    }

    private static async Task<JsonDocument> ParseAsync(Network network, HttpResponseMessage response, CancellationToken ct)
    {
        try { return await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(ct), cancellationToken: ct); }
        catch (JsonException e) { throw new ProviderException(network.Provider, response.StatusCode, "the report is not valid JSON", e); }
        catch (Exception e) when (e is HttpRequestException or IOException) { throw new ProviderException(network.Provider, response.StatusCode, "the report was cut off on the way", e); }
    }
}
