using System.Xml.Linq;

namespace Empire.Publishing.Blog;

/// <summary>Every address of a site, as search engines read it. Source: sitemaps.org protocol 0.9.</summary>
public static class Sitemap
{
    private static readonly XNamespace Namespace = "http://www.sitemaps.org/schemas/sitemap/0.9";

    public static string Of(Frame frame, IReadOnlyList<PageSummary> pages)
    {
        var newest = pages.Count > 0 ? pages.Max(page => page.UpdatedAt) : (DateTimeOffset?)null;
        var lists = new[] { "/", "/blog", "/recipes", "/about" }.Concat(frame.Niches.Select(niche => niche.Path));
        var root = new XElement(Namespace + "urlset",
            lists.Select(path => Entry(frame.Site.UrlOf(path), path == "/about" ? null : newest)),
            pages.Select(page => Entry(frame.Site.UrlOf(page.Path), page.UpdatedAt)));
        return Xml.Write(root);
    }

    private static XElement Entry(string address, DateTimeOffset? changedAt) =>
        new(Namespace + "url", new XElement(Namespace + "loc", address), changedAt is { } at ? new XElement(Namespace + "lastmod", $"{at:yyyy-MM-dd'T'HH:mm:ss'Z'}") : null);
}
