using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;

namespace Empire.AppHost.Operating;

/// <summary>The owner, speaking to a running Empire through its gateway as any client program does. A gateway or service that is away for moments, as one that is started anew, is asked again:
/// what was begun there goes on meanwhile.</summary>
internal sealed class GatewayClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5), Pause = TimeSpan.FromSeconds(1);
    private readonly HttpClient _http;
    private bool _reached;

    public GatewayClient(Installation installation)
    {
        _http = new HttpClient { BaseAddress = new Uri(installation.Gateway), Timeout = TimeSpan.FromMinutes(2) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", installation.Owner.ApiKey
            ?? throw new DistributedApplicationException("There is no owner's key yet; start Empire first with ./empire up."));
    }

    /// <inheritdoc cref="SendAsync" path="/exception"/>
    public Task<JsonElement> GetAsync(string path) => SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Every repeat carries the same idempotency key, so that it happens once.</summary>
    /// <inheritdoc cref="SendAsync" path="/exception"/>
    public async Task<JsonElement> PostAsync(string path, HttpContent content)
    {
        var (body, type, key) = (await content.ReadAsByteArrayAsync(), content.Headers.ContentType, Guid.CreateVersion7().ToString());
        return await SendAsync(() => new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = type } },
            Headers = { { "Idempotency-Key", key } },
        });
    }

    public void Dispose() => _http.Dispose();

    /// <exception cref="DistributedApplicationException">The gateway is not there, stays away for five minutes, or refuses: with its own words.</exception>
    private async Task<JsonElement> SendAsync(Func<HttpRequestMessage> make)
    {
        var until = TimeProvider.System.GetUtcNow() + Patience;
        for (var told = false; ; told = true)
        {
            var (away, cause) = ("", default(Exception));
            try
            {
                using var request = make();
                using var response = await _http.SendAsync(request);
                var body = await response.Content.ReadAsStringAsync();
                _reached = true;
                if (response.IsSuccessStatusCode) return JsonDocument.Parse(body).RootElement;
                var words = $"{request.RequestUri} answered {(int)response.StatusCode}: {Detail(body)}";
                if (response.StatusCode is not (HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)) throw new DistributedApplicationException(words);
                away = words;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException or SocketException or JsonException)
            {
                (away, cause) = ($"{_http.BaseAddress} is not reachable ({e.Message}); is Empire running? See ./empire status.", e);
                if (!_reached) throw new DistributedApplicationException(away, e); // it was not there in the first place
            }
            if (TimeProvider.System.GetUtcNow() > until) throw cause is null ? new DistributedApplicationException(away) : new DistributedApplicationException(away, cause);
            if (!told) Console.WriteLine($"  … {away} Trying again.");
            await Task.Delay(Pause);
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
