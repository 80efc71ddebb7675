using System.Net;
using System.Text;
using Empire.Gateway.Routing;
using Empire.Gateway.Static;

namespace Empire.Gateway.Pages;

/// <summary>Where the links of mails lead, and all that a stranger with a browser and nothing else needs: sign up, sign in, see the account and its keys. The door shows these pages for as long as no
/// <c>web</c> service is installed; then that service's lines answer instead. They are the same for everyone: who it is and what the link says, only the reader's browser knows.</summary>
internal static class AccountPages
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapAccountPages(this WebApplication app)
    {
        var installed = app.Configuration.GetSection("Gateway:Installed").Get<string[]>() ?? [];
        var assets = app.Services.GetRequiredService<StaticAssets>();
        foreach (var line in RouteTable.All.Where(line => line.Page is not null && !installed.Contains(line.Service)))
        {
            var page = Made(line.Page!, assets);
            app.MapMethods(line.Path, ["GET", "HEAD"], (HttpResponse response) =>
            {
                var headers = response.Headers;
                headers.ContentSecurityPolicy = Policy;
                headers["Referrer-Policy"] = "no-referrer";   // the address may hold a token
                headers["X-Robots-Tag"] = "noindex";
                headers.CacheControl = "no-store";
                return Results.Bytes(page, "text/html; charset=utf-8");
            }).WithName(NameOf(line.Page!)).WithTags("Pages").WithSummary(line.Summary!).WithMetadata(line with { Later = false }).AllowAnonymous()
                .WithOrder(-1);   // before the line itself, which would hand on to a service that is not there
        }
    }

    /// <summary>As VerifyEmailPage: clients that are made from the document have it for a name.</summary>
    private static string NameOf(string page) => string.Concat(page.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..])) + "Page";

    /// <summary>The first line of a page's file is its title.</summary>
    private static byte[] Made(string name, StaticAssets assets)
    {
        var (page, layout) = (Read(name), Read("layout"));
        var end = page.IndexOf('\n', StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(layout
            .Replace("{title}", WebUtility.HtmlEncode(page[..end]), StringComparison.Ordinal).Replace("{page}", name, StringComparison.Ordinal)
            .Replace("{icon}", assets.PathOf("favicon.ico"), StringComparison.Ordinal).Replace("{style}", assets.PathOf("account.css"), StringComparison.Ordinal)
            .Replace("{script}", assets.PathOf("account.js"), StringComparison.Ordinal).Replace("{content}", page[(end + 1)..].Trim(), StringComparison.Ordinal));
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(AccountPages).Assembly.GetManifestResourceStream($"pages/{name}")!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
