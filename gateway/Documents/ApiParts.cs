using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Empire.Gateway.Routing;
using Empire.Http.Documents;

namespace Empire.Gateway.Documents;

/// <summary>What each service says of its own endpoints. A service that does not answer is described by what it said last.</summary>
internal sealed class ApiParts(IHttpClientFactory clients, IConfiguration configuration)
{
    public const string ClientName = "documents";

    private readonly ConcurrentDictionary<string, JsonObject> lastWords = new(StringComparer.Ordinal);

    /// <returns>By service; null where none was ever got.</returns>
    public async Task<IReadOnlyList<(string Service, JsonObject? Part)>> FetchAsync(CancellationToken ct) =>
        await Task.WhenAll(RouteTable.Services.Where(service => configuration[$"services:{service}:http:0"] is { Length: > 0 }).Select(async service =>
        {
            try
            {
                using var client = clients.CreateClient(ClientName);
                using var response = await client.GetAsync($"{configuration[$"services:{service}:http:0"]}{ApiDocument.Path}", ct);
                if (response.IsSuccessStatusCode && await response.Content.ReadFromJsonAsync<JsonObject>(ct) is { } part && part["paths"] is JsonObject) lastWords[service] = part;
            }
            catch (Exception e) when (e is HttpRequestException or JsonException or UriFormatException || (e is OperationCanceledException && !ct.IsCancellationRequested))
            {
                // as it was
            }
            return (service, lastWords.GetValueOrDefault(service));
        }));
}
