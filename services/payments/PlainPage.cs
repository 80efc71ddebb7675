using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Empire.Payments;

/// <summary>A page without scripts, to be read, printed and filed. Its policy names its one style by its hash, so that nothing which somebody wrote into a name can bring another.</summary>
/// <param name="title">Text; it is encoded here.</param>
/// <param name="body">HTML, encoded by whoever wrote it.</param>
public sealed class PlainPage(string title, string body) : IResult
{
    private const string Style = """
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b }
        table { width: 100%; border-collapse: collapse }
        td, th { padding: .5rem 0; border-bottom: 1px solid #ddd; text-align: left; vertical-align: top }
        td:last-child, th:last-child { text-align: right; white-space: nowrap }
        .soft { color: #666 }
        @media print { body { margin: 0 } }
        """;

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.ContentSecurityPolicy = Policy;
        response.ContentType = "text/html; charset=utf-8";
        return response.WriteAsync(
            $"""<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{WebUtility.HtmlEncode(title)}</title><style>{Style}</style></head><body>{body}</body></html>""",
            httpContext.RequestAborted);
    }
}
