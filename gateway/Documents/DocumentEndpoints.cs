using Empire.Gateway.Routing;
using Empire.Gateway.Static;

namespace Empire.Gateway.Documents;

internal static class DocumentEndpoints
{
    private const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void AddDocuments(this IServiceCollection services)
    {
        services.AddHttpClient(ApiParts.ClientName, client => client.Timeout = TimeSpan.FromSeconds(20)); // a service's first description takes its time: it reads every type
        services.AddSingleton<ApiParts>().AddSingleton<JoinedDocument>();
        services.AddHostedService<JoinAtStart>();
    }

    public static void MapDocuments(this WebApplication app)
    {
        app.MapMethods("/openapi/v1.json", ["GET", "HEAD"], async (JoinedDocument document, HttpResponse response, CancellationToken ct) =>
        {
            response.Headers.CacheControl = "public, max-age=60";
            return Results.Text((await document.GetAsync(ct)).Json, "application/json");
        }).WithName("ApiDocument").WithTags("Pages").Under("/openapi/v1.json");

        app.MapMethods("/docs", ["GET", "HEAD"], (StaticAssets assets, HttpResponse response) =>
        {
            response.Headers.ContentSecurityPolicy = PagePolicy;
            response.Headers.CacheControl = "public, max-age=60";
            return Results.Text($"""
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Empire API</title>
                <link rel="icon" href="{assets.PathOf("favicon.ico")}">
                <link rel="stylesheet" href="{assets.PathOf("docs.css")}">
                <script src="{assets.PathOf("docs.js")}" defer></script>
                </head>
                <body>
                <header><a href="/docs" class="brand">Empire <span>API</span></a><input id="find" type="search" placeholder="Find a path or a word" aria-label="Find a path or a word"><a href="/openapi/v1.json" class="raw">openapi.json</a></header>
                <nav id="tags" aria-label="Sections"></nav>
                <main id="main"><p class="quiet" role="status">Loading the reference. Right after a start the services take some seconds to describe themselves. <progress aria-label="Loading"></progress></p></main>
                <noscript>The reference needs JavaScript. The document itself is at <a href="/openapi/v1.json">/openapi/v1.json</a>.</noscript>
                </body>
                </html>
                """, "text/html; charset=utf-8");
        }).WithName("ApiReference").WithTags("Pages").Under("/docs");
    }
}
