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
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; overflow-wrap: anywhere }
        header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 2rem; margin-bottom: 1rem }
        h1 { margin: 0 0 1rem; font-size: 2rem; line-height: 1.2 }
        address { font-style: normal; text-align: right }
        dl { display: flex; flex-wrap: wrap; gap: .75rem 2.5rem; margin: 0 0 1.5rem }
        dt, .soft { color: #5c5c5c; font-size: .875rem }
        dd { margin: 0 }
        table { width: 100%; border-collapse: collapse; margin-bottom: 1.5rem; overflow-wrap: break-word }
        td, th { padding: .6rem 0; border-bottom: 1px solid #ddd; text-align: left; vertical-align: top; font-weight: normal }
        thead th { color: #5c5c5c; font-size: .875rem }
        tfoot th { font-weight: bold; border-bottom: 0 }
        td:last-child, th:last-child { text-align: right; white-space: nowrap; padding-left: 1.5rem; font-variant-numeric: tabular-nums }
        .soft { margin: 0 0 .25rem }
        .test { border: 1px solid #b33a00; color: #8a2d00; border-radius: 6px; padding: .4rem .8rem; width: fit-content }
        @media (max-width: 30rem) { body { margin: 1rem auto } address { text-align: left } dd { font-size: .9rem } }
        @media print { @page { margin: 18mm } body { margin: 0; max-width: none; font-size: 11pt } tr { break-inside: avoid } }
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
