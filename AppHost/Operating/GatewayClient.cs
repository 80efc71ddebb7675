using System.Net.Http.Headers;
using System.Text.Json;

namespace Empire.AppHost.Operating;

/// <summary>The owner, speaking to a running Empire through its gateway as any client program does.</summary>
internal sealed class GatewayClient : IDisposable
{
    private readonly HttpClient _http;

    public GatewayClient(Installation installation)
    {
        _http = new HttpClient { BaseAddress = new Uri(installation.Gateway), Timeout = TimeSpan.FromMinutes(2) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", installation.Owner.ApiKey
            ?? throw new DistributedApplicationException("There is no owner's key yet; start Empire first with ./empire up."));
    }

    public Task<JsonElement> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<JsonElement> PostAsync(string path, HttpContent content) => SendAsync(new HttpRequestMessage(HttpMethod.Post, path)
    {
        Content = content,
        Headers = { { "Idempotency-Key", Guid.CreateVersion7().ToString() } },
    });

    public void Dispose() => _http.Dispose();

    /// <exception cref="DistributedApplicationException">The gateway is not reached, or refuses: with its own words.</exception>
    private async Task<JsonElement> SendAsync(HttpRequestMessage request)
    {
        using var _ = request;
        try
        {
            using var response = await _http.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            return response.IsSuccessStatusCode ? JsonDocument.Parse(body).RootElement : throw new DistributedApplicationException($"{request.RequestUri} answered {(int)response.StatusCode}: {Detail(body)}");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            throw new DistributedApplicationException($"{_http.BaseAddress} is not reachable ({e.Message}); is Empire running? See ./empire status.", e);
        }
    }

    private static string Detail(string body)
    {
        try
        {
            return JsonDocument.Parse(body).RootElement.TryGetProperty("detail", out var detail) ? detail.ToString() : body;
        }
        catch (JsonException)
        {
            return body;
        }
    }
}
