using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Local.Dashboard;

/// <summary>Keeps other sites, open in the same browser, from reading the page or pressing its buttons.</summary>
internal sealed class SameOrigin
{
    /// <summary>Known only to who has read the page; new with every run.</summary>
    public string Token { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public async Task RefuseForeignAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers["Referrer-Policy"] = "same-origin";
        context.Response.Headers.CacheControl = "no-store";
        if (!IsOurHost(context.Request.Host.Host)) await RefuseAsync(context, "Open this page as 127.0.0.1 or localhost."); // a foreign name that resolves to us
        else if (HttpMethods.IsPost(context.Request.Method) && !await IsOursAsync(context.Request)) await RefuseAsync(context, "Only this page's own buttons may do that; reload it and try again.");
        else await next(context);
    }

    private async Task<bool> IsOursAsync(HttpRequest request)
    {
        if (request.Headers.Origin.ToString() is { Length: > 0 } origin && origin != $"{request.Scheme}://{request.Host}") return false;
        if (request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin")) return false;
        var given = request.HasFormContentType ? (await request.ReadFormAsync())["token"].ToString() : request.Headers["X-Token"].ToString();
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(Token));
    }

    private static bool IsOurHost(string host) => host is "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static Task RefuseAsync(HttpContext context, string why)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync(why);
    }
}
