using System.Net;
using System.Net.Http.Headers;

namespace Stripe;

/// <summary>What every answer of Stripe has.</summary>
public abstract class StripeResponseBase(HttpStatusCode statusCode, HttpResponseHeaders headers)
{
    public HttpStatusCode StatusCode { get; } = statusCode;
    public HttpResponseHeaders Headers { get; } = headers;
    public DateTimeOffset? Date => Headers?.Date;
    /// <summary>The key under which Stripe remembers the answer; null for requests without one.</summary>
    public string IdempotencyKey => Header("Idempotency-Key");
    /// <summary>Names the request in Stripe's logs (<c>req_…</c>).</summary>
    public string RequestId => Header("Request-Id");
    /// <summary>Attempts after the first that this answer took.</summary>
    internal int NumRetries { get; set; }

    public override string ToString() => $"<{GetType().FullName} status={(int)StatusCode} Request-Id={RequestId} Date={Date:s}>";

    string Header(string name) => Headers is not null && Headers.TryGetValues(name, out var values) ? values.First() : null;
}

/// <summary>An answer with its body as text.</summary>
public class StripeResponse(HttpStatusCode statusCode, HttpResponseHeaders headers, string content) : StripeResponseBase(statusCode, headers)
{
    public string Content { get; } = content;
}

/// <summary>An answer whose body is still to be read.</summary>
public class StripeStreamedResponse(HttpStatusCode statusCode, HttpResponseHeaders headers, Stream body) : StripeResponseBase(statusCode, headers)
{
    public Stream Body { get; } = body;

    internal async Task<StripeResponse> ToStripeResponseAsync()
    {
        using var reader = new StreamReader(Body);
        return new(StatusCode, Headers, await reader.ReadToEndAsync()) { NumRetries = NumRetries };
    }
}
