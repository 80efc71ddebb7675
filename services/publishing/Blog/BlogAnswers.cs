using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Empire.Publishing.Blog;

/// <summary>How the site answers: cacheable, revalidated by content, and with nothing on the page that can run.</summary>
public static class BlogAnswers
{
    private const string Html = "text/html; charset=utf-8";

    /// <summary>No script, no frame, nothing from elsewhere; the JSON-LD block is data, which no policy needs to allow.</summary>
    private const string PagePolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>An SVG opened by itself is a document: sandboxed, it has no origin and runs nothing.</summary>
    public const string MediaPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

    /// <param name="changedAt">Null for a page without an age of its own.</param>
    public static FileContentHttpResult Page(string html, DateTimeOffset? changedAt = null) => Document(html, Html, changedAt);

    public static FileContentHttpResult Document(string text, string contentType, DateTimeOffset? changedAt = null)
    {
        var content = Encoding.UTF8.GetBytes(text);
        return TypedResults.Bytes(content, contentType, lastModified: changedAt, entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..24]}\""));
    }

    public static ContentHttpResult NotFound(string html) => TypedResults.Content(html, Html, Encoding.UTF8, StatusCodes.Status404NotFound);

    /// <summary>Kept by browsers and caches for ever: the address changes with the content.</summary>
    public static void KeepForever(this HttpResponse response) => response.Headers.CacheControl = "public, max-age=31536000, immutable";

    /// <summary>The headers of every answer of the site; an endpoint may sharpen them.</summary>
    public static TBuilder WithSiteHeaders<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder =>
        endpoints.AddEndpointFilter(static (context, next) =>
        {
            var headers = context.HttpContext.Response.Headers;
            headers.ContentSecurityPolicy = PagePolicy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
            headers.CacheControl = "public, max-age=60";
            headers.Vary = "Host";
            return next(context);
        });
}
