using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Empire.Http;

namespace Empire.Publishing.Stores;

/// <summary>What the clients of all platforms do alike: ask, and tell a refused token from a platform that is away.</summary>
internal static class StorefrontHttp
{
    /// <summary>With the pages of the largest size, more orders in two months than a small shop has; a larger one is told so rather than counted half.</summary>
    public const int MostPages = 200;

    /// <summary>Money comes as text at some. An answer that lacks what we read is none: no store is emptied by half an answer.</summary>
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    };

    /// <returns>The body, and the header Link where there is one.</returns>
    /// <exception cref="StorefrontException">The platform refused the token, or did not answer as it should.</exception>
    public static async Task<(T Body, string? Link)> GetAsync<T>(this HttpClient http, string platform, Uri address, Action<HttpRequestMessage> sign, CancellationToken ct) where T : class
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            sign(request);
            using var response = await http.SendAsync(request, ct);
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) throw new StorefrontException(true, $"{platform} does not accept the access token ({(int)response.StatusCode}).");
            if (response.StatusCode is HttpStatusCode.NotFound) throw new StorefrontException(true, $"{platform} knows no such store.");
            if (!response.IsSuccessStatusCode) throw new StorefrontException(false, $"{platform} answered {(int)response.StatusCode}.");
            var body = await response.Content.ReadFromJsonAsync<T>(Json, ct) ?? throw new StorefrontException(false, $"{platform} answered without content.");
            return (body, response.Headers.TryGetValues("Link", out var links) ? string.Join(',', links) : null);
        }
        catch (Exception e) when (e is ProviderException or HttpRequestException or IOException or JsonException or FormatException && !ct.IsCancellationRequested)
        {
            throw new StorefrontException(false, $"{platform} gave no usable answer.", e);
        }
    }

    public static StorefrontException TooMany(string platform) => new(false, $"{platform} has more orders in this time than can be fetched at once.");
}
