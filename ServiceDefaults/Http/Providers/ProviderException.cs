using System.Net;

namespace Empire.Http;

/// <summary>A provider refused, or stayed unreachable after the retries.</summary>
/// <param name="provider">Its name in settings: <c>X</c>.</param>
/// <param name="status">Null where no answer came.</param>
/// <param name="detail">What the provider said, cut to a length fit for a log line.</param>
public sealed class ProviderException(string provider, HttpStatusCode? status, string detail, Exception? inner = null)
    : Exception($"{provider} answered {(status is { } code ? $"{(int)code}" : "nothing")}: {detail}", inner)
{
    private const int LongestDetail = 500;

    public string Provider { get; } = provider;
    public HttpStatusCode? Status { get; } = status;
    public string Detail { get; } = detail;

    /// <summary>Of a provider that is switched off, which answers nothing because nobody asks, its <see cref="Detail"/> alone.</summary>
    public override string Message => IsOff ? Detail : base.Message;

    /// <summary>True where whoever runs this installation has switched the provider off. Nothing was sent, and a repeat has the same end.</summary>
    public bool IsOff { get; private init; }

    /// <summary>What the provider asked us to wait; null where it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True when no byte of the request left: the act it asks for surely did not happen.</summary>
    public bool NotSent { get; internal init; }

    /// <summary>True when the provider understood the request and refuses it, so that a repeat would be refused too; or when it is switched off.</summary>
    public bool IsRefusal => IsOff || Status is { } status && (int)status is >= 400 and < 500 && status is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);

    /// <summary>What becomes of every call to a provider that is <see cref="ProviderOptions.Off"/>.</summary>
    public static ProviderException SwitchedOff(string provider) => new(provider, null, ProviderOff.Refusal(provider).Detail) { IsOff = true, NotSent = true };

    /// <summary>Reads the failed answer's body into the exception; the caller throws it.</summary>
    public static async Task<ProviderException> FromAsync(string provider, HttpResponseMessage response, CancellationToken ct)
    {
        var body = await response.Content.ReadAsStringAsync(ct);
        return new(provider, response.StatusCode, body.Length > LongestDetail ? body[..LongestDetail] : body) { RetryAfter = RetryAfterOf(response) };
    }

    /// <summary>Seconds, or a date against the answer's own.</summary>
    internal static TimeSpan? RetryAfterOf(HttpResponseMessage? response) =>
        response?.Headers.RetryAfter is not { } header ? null : header.Delta ?? (header.Date - response.Headers.Date);
}
