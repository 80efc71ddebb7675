using System.Text;
using Empire.Publishing.Media;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Empire.Publishing.Blog;

/// <summary>What programs read: style sheet, pictures, sitemap, feed, robots.txt.</summary>
public static class BlogFiles
{
    private const int FeedItems = 30;

    private static readonly byte[] Mark = ReadMark();

    /// <summary>A page drawn by the build before this one may ask for a style sheet of that build's name: it gets today's, but may not keep it.</summary>
    public static Results<FileContentHttpResult, NotFound> Asset(string name, HttpResponse response)
    {
        if (name == "mark.svg") return TypedResults.Bytes(Mark, "image/svg+xml");
        if (!name.StartsWith("site.", StringComparison.Ordinal) || !name.EndsWith(".css", StringComparison.Ordinal)) return TypedResults.NotFound();
        if (Stylesheet.Path.EndsWith(name, StringComparison.Ordinal)) response.KeepForever();
        return TypedResults.Bytes(Stylesheet.Content, "text/css; charset=utf-8");
    }

    public static async Task<Results<FileContentHttpResult, NotFound>> MediaAsync(string name, HttpRequest request, HttpResponse response, Visit.Door door, CancellationToken ct)
    {
        await using var visit = await door.OpenAsync(request, ct);
        if (await MediaTable.FindAsync(visit.Work, name, ct) is not { } picture) return TypedResults.NotFound();
        response.KeepForever();
        response.Headers.ContentSecurityPolicy = BlogAnswers.MediaPolicy;
        return TypedResults.Bytes(picture.Content, picture.ContentType, entityTag: new EntityTagHeaderValue($"\"{name}\""));
    }

    public static async Task<Results<FileContentHttpResult, NotFound>> CoverAsync(string kind, string slug, HttpRequest request, HttpResponse response, Visit.Door door, CancellationToken ct)
    {
        await using var visit = await door.OpenAsync(request, ct);
        if (await PageTable.FindAsync(visit.Work, kind, slug, ct) is null) return TypedResults.NotFound();
        response.Headers.ContentSecurityPolicy = BlogAnswers.MediaPolicy;
        return BlogAnswers.Document(Cover.File(kind, slug), "image/svg+xml");
    }

    public static async Task<FileContentHttpResult> SitemapAsync(HttpRequest request, Visit.Door door, CancellationToken ct)
    {
        await using var visit = await door.OpenAsync(request, ct);
        var pages = await PageTable.AllAsync(visit.Work, ct);
        return BlogAnswers.Document(Sitemap.Of(visit.Frame, pages), "application/xml; charset=utf-8", pages.Max(page => (DateTimeOffset?)page.UpdatedAt));
    }

    public static async Task<FileContentHttpResult> FeedAsync(HttpRequest request, Visit.Door door, CancellationToken ct)
    {
        await using var visit = await door.OpenAsync(request, ct);
        var pages = await PageTable.NewestAsync(visit.Work, null, FeedItems, ct);
        return BlogAnswers.Document(Feed.Of(visit.Frame.Site, pages), "application/rss+xml; charset=utf-8", pages.Max(page => (DateTimeOffset?)page.UpdatedAt));
    }

    public static async Task<FileContentHttpResult> RobotsAsync(HttpRequest request, Visit.Door door, CancellationToken ct)
    {
        await using var visit = await door.OpenAsync(request, ct);
        return BlogAnswers.Document($"User-agent: *\nDisallow: /api/\nDisallow: /r/\n\nSitemap: {visit.Frame.Site.UrlOf("/sitemap.xml")}\n", "text/plain; charset=utf-8");
    }

    private static byte[] ReadMark()
    {
        using var reader = new StreamReader(typeof(BlogFiles).Assembly.GetManifestResourceStream("mark.svg")!, Encoding.UTF8);
        return Encoding.UTF8.GetBytes(reader.ReadToEnd());
    }
}
