using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Stripe;

/// <summary>Sends requests with an <see cref="HttpClient"/> and repeats what is safe to repeat: each attempt carries the same idempotency key.</summary>
public class SystemNetHttpClient : IHttpClient
{
    public const int DefaultMaxNumberRetries = 2;

    static readonly Lazy<HttpClient> SharedClient = new(BuildDefaultSystemNetHttpClient);
    readonly HttpClient http;
    readonly string userAgent;
    readonly string clientUserAgent;

    /// <param name="httpClient">Null for one that all share; its timeout bounds one attempt.</param>
    /// <param name="maxNetworkRetries">Attempts after the first.</param>
    /// <param name="enableTelemetry">Kept for its callers; this stand-in sends no measurements.</param>
    public SystemNetHttpClient(HttpClient httpClient = null, int maxNetworkRetries = DefaultMaxNumberRetries, AppInfo appInfo = null, bool enableTelemetry = true)
    {
        http = httpClient ?? SharedClient.Value;
        MaxNetworkRetries = maxNetworkRetries;
        EnableTelemetry = enableTelemetry;
        userAgent = $"Stripe/v1 .NetBindings/{StripeConfiguration.StripeNetVersion}" + (appInfo is null ? "" : $" {appInfo.FormatUserAgent()}");
        clientUserAgent = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["bindings_version"] = StripeConfiguration.StripeNetVersion,
            ["lang"] = ".net",
            ["publisher"] = "stand-in",
            ["lang_version"] = RuntimeInformation.FrameworkDescription,
            ["os_version"] = RuntimeInformation.OSDescription,
            ["application"] = appInfo is null ? null : new { name = appInfo.Name, partner_id = appInfo.PartnerId, version = appInfo.Version, url = appInfo.Url },
        }.Where(entry => entry.Value is not null).ToDictionary());
    }

    public static TimeSpan DefaultHttpTimeout => TimeSpan.FromSeconds(80);
    public static TimeSpan MinNetworkRetriesDelay => TimeSpan.FromMilliseconds(500);
    public static TimeSpan MaxNetworkRetriesDelay => TimeSpan.FromSeconds(5);

    public bool EnableTelemetry { get; }
    public int MaxNetworkRetries { get; }

    /// <summary>Waits between attempts; the tests move it by hand.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    public static HttpClient BuildDefaultSystemNetHttpClient() => new() { Timeout = DefaultHttpTimeout };

    public async Task<StripeResponse> MakeRequestAsync(StripeRequest request, CancellationToken cancellationToken = default)
    {
        var (response, retries) = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        using (response)
            return new(response.StatusCode, response.Headers, await response.Content.ReadAsStringAsync(cancellationToken)) { NumRetries = retries };
    }

    public async Task<StripeStreamedResponse> MakeStreamingRequestAsync(StripeRequest request, CancellationToken cancellationToken = default)
    {
        var (response, retries) = await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return new(response.StatusCode, response.Headers, await response.Content.ReadAsStreamAsync(cancellationToken)) { NumRetries = retries };
    }

    async Task<(HttpResponseMessage Response, int Retries)> SendAsync(StripeRequest request, HttpCompletionOption completion, CancellationToken ct)
    {
        for (var retries = 0; ; retries++)
        {
            try
            {
                using var message = Message(request);
                var response = await http.SendAsync(message, completion, ct);
                if (retries >= MaxNetworkRetries || !MayRepeat(response)) return (response, retries);
                response.Dispose();
            }
            // An HttpClient that timed out says OperationCanceledException too, without the caller's token.
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException && retries < MaxNetworkRetries && !ct.IsCancellationRequested)
            {
            }
            await Task.Delay(Pause(retries, Random.Shared.NextDouble()), Clock, ct);
        }
    }

    /// <summary>Stripe's word counts first: it knows whether a 5xx has already changed something, and which 4xx will pass.</summary>
    static bool MayRepeat(HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues("Stripe-Should-Retry", out var should))
        {
            switch (should.First())
            {
                case "true": return true;
                case "false": return false;
            }
        }
        return response.StatusCode == HttpStatusCode.Conflict || (int)response.StatusCode >= 500;
    }

    /// <param name="retries">How many there were already.</param>
    /// <param name="jitter">From 0 to 1; up to a quarter of the pause is left off, so that clients that failed together do not come back together.</param>
    internal static TimeSpan Pause(int retries, double jitter)
    {
        var pause = MinNetworkRetriesDelay * Math.Pow(2, Math.Min(retries, 10));
        if (pause > MaxNetworkRetriesDelay) pause = MaxNetworkRetriesDelay;
        pause *= 1 - (0.25 * jitter);
        return pause < MinNetworkRetriesDelay ? MinNetworkRetriesDelay : pause;
    }

    HttpRequestMessage Message(StripeRequest request)
    {
        var message = new HttpRequestMessage(request.Method, request.Uri) { Content = request.Content };
        message.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        message.Headers.TryAddWithoutValidation("X-Stripe-Client-User-Agent", clientUserAgent);
        message.Headers.Authorization = request.AuthorizationHeader;
        foreach (var (name, value) in request.StripeHeaders) message.Headers.Add(name, value);
        return message;
    }
}
