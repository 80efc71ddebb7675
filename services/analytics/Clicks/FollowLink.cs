using Empire.Analytics.Links;
using Empire.Http;

namespace Empire.Analytics.Clicks;

/// <summary><c>GET /r/{code}</c>: records the click, then sends the visitor on. The hottest path of the service, hence a bare request delegate; what it costs is in
/// <c>./empire bench redirect</c>.</summary>
public sealed class FollowLink(LinkCache links, ClickLog clicks, Visitors visitors, TimeProvider clock)
{
    private const int MaxReferrerLength = 255;

    public async Task HandleAsync(HttpContext context)
    {
        var code = (string)context.Request.RouteValues["code"]!;
        if (!links.TryGet(code, out var target))
        {
            try { target = await links.FindAsync(code, context.RequestAborted); }
            catch (LinksOutOfReachException)
            {
                context.Response.Headers.RetryAfter = "5";
                await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "LINK_UNAVAILABLE", "The link cannot be looked up at this moment. Try again in a few seconds.");
                return;
            }
        }
        context.Response.Headers.CacheControl = "no-store"; // a cached redirect would be a visit that nobody counts
        if (target is null)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "NOT_FOUND", $"No link has the code '{code}'.");
            return;
        }
        var address = target.WithoutSubId;
        if (!context.IsHead()) // who asks only where a link leads has not followed it
        {
            var click = ClickOf(context.Request, target.Link);
            await clicks.RecordAsync(click); // not cancelled with the request: the visit has happened
            address = target.For(click.Id.ToSubId());
        }
        context.Response.StatusCode = StatusCodes.Status302Found;
        context.Response.Headers.Location = address;
    }

    private Click ClickOf(HttpRequest request, TrackedLink link)
    {
        var now = clock.GetUtcNow();
        var userAgent = request.Headers.UserAgent.ToString();
        var prefetch = request.Headers["Sec-Purpose"].ToString().Contains("prefetch", StringComparison.Ordinal);
        return new(ClickId.New(now), link.TenantId, link.Code, Agents.Classify(userAgent, prefetch), VisitorOf(request, userAgent, now), ReferrerOf(request));
    }

    private long? VisitorOf(HttpRequest request, string userAgent, DateTimeOffset now)
    {
        // The last entry is the one that our own gateway wrote; those before it are whatever the visitor claims.
        var forwarded = request.Headers["X-Forwarded-For"].ToString().AsSpan();
        if (!forwarded.IsEmpty) return visitors.PseudonymOf(forwarded[(forwarded.LastIndexOf(',') + 1)..].Trim(), userAgent, now);
        Span<char> address = stackalloc char[64];
        return request.HttpContext.Connection.RemoteIpAddress is { } ip && ip.TryFormat(address, out var written) ? visitors.PseudonymOf(address[..written], userAgent, now) : null;
    }

    private static string? ReferrerOf(HttpRequest request)
    {
        var referrer = request.Headers.Referer.ToString();
        return referrer.Length > 0 && Uri.TryCreate(referrer, UriKind.Absolute, out var uri) && uri.Host.Length is > 0 and <= MaxReferrerLength ? uri.IdnHost.ToLowerInvariant() : null;
    }

    private static Task RefuseAsync(HttpContext context, int status, string code, string detail) =>
        Results.Problem(detail, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code, ["message"] = detail }).ExecuteAsync(context);
}
