using System.Net;
using System.Text.Json;
using Stripe.Json;

namespace Stripe;

/// <summary>A client with its own key and addresses; thread-safe, meant to be kept.</summary>
public class StripeClient : IStripeClient
{
    /// <param name="apiKey">Null where every call names one in its <see cref="RequestOptions"/>.</param>
    /// <param name="httpClient">Null for a <see cref="SystemNetHttpClient"/> with its defaults.</param>
    /// <param name="apiBase">Null for the address of the live API; another one for an emulator.</param>
    /// <exception cref="ArgumentException"><paramref name="apiKey"/> is empty or contains white space.</exception>
    public StripeClient(string apiKey = null, string clientId = null, IHttpClient httpClient = null, string apiBase = null, string connectBase = null, string filesBase = null)
    {
        if (apiKey is "") throw new ArgumentException("The API key must not be empty.", nameof(apiKey));
        if (apiKey?.Any(char.IsWhiteSpace) == true) throw new ArgumentException("The API key must not contain white space.", nameof(apiKey));
        ApiKey = apiKey;
        ClientId = clientId;
        HttpClient = httpClient ?? new SystemNetHttpClient();
        ApiBase = apiBase ?? DefaultApiBase;
        ConnectBase = connectBase ?? DefaultConnectBase;
        FilesBase = filesBase ?? DefaultFilesBase;
    }

    public static string DefaultApiBase => "https://api.stripe.com";
    public static string DefaultConnectBase => "https://connect.stripe.com";
    public static string DefaultFilesBase => "https://files.stripe.com";

    public string ApiBase { get; }
    public string ApiKey { get; }
    public string ClientId { get; }
    public string ConnectBase { get; }
    public string FilesBase { get; }
    public IHttpClient HttpClient { get; }

    public async Task<T> RequestAsync<T>(
        HttpMethod method, string path, BaseOptions options, RequestOptions requestOptions, CancellationToken cancellationToken = default)
        where T : IStripeEntity
    {
        var response = await HttpClient.MakeRequestAsync(new(this, method, path, options, requestOptions), cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK) throw Refusal(response);
        try
        {
            var entity = StripeEntity.FromJson<T>(response.Content) ?? throw new JsonException("The answer is null.");
            entity.StripeResponse = response;
            return entity;
        }
        catch (JsonException e)
        {
            throw NotUnderstood(response, e);
        }
    }

    public async Task<Stream> RequestStreamingAsync(
        HttpMethod method, string path, BaseOptions options, RequestOptions requestOptions, CancellationToken cancellationToken = default)
    {
        var response = await HttpClient.MakeStreamingRequestAsync(new(this, method, path, options, requestOptions), cancellationToken);
        return response.StatusCode == HttpStatusCode.OK ? response.Body : throw Refusal(await response.ToStripeResponseAsync());
    }

    static StripeException Refusal(StripeResponse response)
    {
        try
        {
            using var document = JsonDocument.Parse(response.Content);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("error", out var error)) return NotUnderstood(response);
            // OAuth answers {"error":"invalid_grant","error_description":…}; the API answers {"error":{…}}.
            var parsed = (error.ValueKind == JsonValueKind.String ? document.RootElement : error).Deserialize<StripeError>(StripeJson.Options);
            if (parsed is null) return NotUnderstood(response);
            parsed.StripeResponse = response;
            return new(response.StatusCode, parsed, parsed.Message ?? parsed.ErrorDescription) { StripeResponse = response };
        }
        catch (JsonException e)
        {
            return NotUnderstood(response, e);
        }
    }

    static StripeException NotUnderstood(StripeResponse response, Exception cause = null) =>
        new($"Stripe's answer with status {(int)response.StatusCode} (request {response.RequestId ?? "without id"}) is not understood: {cause?.Message ?? "it has no error"}", cause)
        {
            HttpStatusCode = response.StatusCode,
            StripeResponse = response,
        };
}
