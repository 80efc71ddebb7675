using System.Net.Http.Headers;
using Stripe.Forms;

namespace Stripe;

/// <summary>One request, the same on each of its attempts.</summary>
public class StripeRequest
{
    readonly BaseOptions options;

    /// <exception cref="StripeException">Neither the call nor the client has an API key.</exception>
    public StripeRequest(IStripeClient client, HttpMethod method, string path, BaseOptions options, RequestOptions requestOptions)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(method);
        this.options = options;
        Method = method;
        var query = method == HttpMethod.Post ? "" : FormEncoder.Encode(options);
        Uri = new($"{requestOptions?.BaseUrl ?? client.ApiBase}{path}{(query.Length == 0 ? "" : "?")}{query}");
        var apiKey = requestOptions?.ApiKey ?? client.ApiKey;
        if (string.IsNullOrEmpty(apiKey))
            throw new StripeException("There is no API key: give one to the StripeClient, to StripeConfiguration.ApiKey or to the RequestOptions of the call.");
        AuthorizationHeader = new("Bearer", apiKey);
        StripeHeaders = Headers(method, requestOptions);
    }

    public HttpMethod Method { get; }
    public Uri Uri { get; }
    public AuthenticationHeaderValue AuthorizationHeader { get; }
    /// <summary>Version, account and idempotency key.</summary>
    public IDictionary<string, string> StripeHeaders { get; }
    /// <summary>A new content at each call, because sending one disposes it; null where the parameters are in the address.</summary>
    public HttpContent Content => Method == HttpMethod.Post ? FormEncoder.Content(options) : null;

    public override string ToString() => $"<{GetType().FullName} Method={Method} Uri={Uri.GetLeftPart(UriPartial.Path)}>";

    static Dictionary<string, string> Headers(HttpMethod method, RequestOptions requestOptions)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Stripe-Version"] = requestOptions?.StripeVersion ?? StripeConfiguration.ApiVersion,
        };
        if (!string.IsNullOrEmpty(requestOptions?.StripeAccount)) headers["Stripe-Account"] = requestOptions.StripeAccount;
        // Every POST has a key, so that repeating it after a lost answer is safe.
        if (!string.IsNullOrEmpty(requestOptions?.IdempotencyKey)) headers["Idempotency-Key"] = requestOptions.IdempotencyKey;
        else if (method == HttpMethod.Post) headers["Idempotency-Key"] = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString();
        return headers;
    }
}
