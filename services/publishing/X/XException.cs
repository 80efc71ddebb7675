using System.Net;

namespace Empire.Publishing.X;

/// <summary>X answered with an error, in its own words.</summary>
/// <param name="words">X's detail; fit to be shown to the owner.</param>
/// <param name="retryAfter">What X asks us to wait; null where it did not say.</param>
/// <param name="resetAt">When its rate-limit window ends; null where it did not say.</param>
public sealed class XException(HttpStatusCode status, string words, TimeSpan? retryAfter, DateTimeOffset? resetAt) : Exception($"X answered {(int)status}: {words}")
{
    public HttpStatusCode Status { get; } = status;
    public string Words { get; } = words;

    /// <summary>How long to wait before the next request.</summary>
    public TimeSpan WaitFrom(DateTimeOffset now) => retryAfter ?? (resetAt is { } end && end > now ? end - now + AfterReset : TimeSpan.Zero);

    /// <summary>X tells the end of its window in whole seconds; one more keeps us out of the old one.</summary>
    private static readonly TimeSpan AfterReset = TimeSpan.FromSeconds(1);

    /// <summary>True when X has such a post of ours already.</summary>
    public bool IsDuplicate => Status == HttpStatusCode.Forbidden && Words.Contains("duplicate content", StringComparison.OrdinalIgnoreCase);

    /// <summary>True when X will refuse every further post until a person has acted: account suspended or locked, token revoked.</summary>
    public bool StopsAccount =>
        Status == HttpStatusCode.Unauthorized
        || (Status == HttpStatusCode.Forbidden && (Words.Contains("suspended", StringComparison.OrdinalIgnoreCase) || Words.Contains("locked", StringComparison.OrdinalIgnoreCase)));

    public bool IsRefusal => (int)Status is >= 400 and < 500 && Status is not (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout);
}
