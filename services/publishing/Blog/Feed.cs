using System.Xml.Linq;

namespace Empire.Publishing.Blog;

/// <summary>The newest pages as RSS 2.0. Source: rssboard.org/rss-specification.</summary>
public static class Feed
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    public static string Of(Site site, IReadOnlyList<PageSummary> pages)
    {
        var channel = new XElement("channel",
            new XElement("title", site.Name),
            new XElement("link", site.UrlOf("/")),
            new XElement("description", site.Description),
            new XElement("language", "en"),
            new XElement(Atom + "link", new XAttribute("href", site.UrlOf("/rss.xml")), new XAttribute("rel", "self"), new XAttribute("type", "application/rss+xml")));
        if (pages.Count > 0) channel.Add(new XElement("lastBuildDate", $"{pages.Max(page => page.UpdatedAt):R}"));
        channel.Add(pages.Select(page => Item(site, page)));
        return Xml.Write(new XElement("rss", new XAttribute("version", "2.0"), new XAttribute(XNamespace.Xmlns + "atom", Atom), channel));
    }

    private static XElement Item(Site site, PageSummary page) => new("item",
        new XElement("title", Xml.Clean(page.Title)),
        new XElement("link", site.UrlOf(page.Path)),
        new XElement("guid", new XAttribute("isPermaLink", "true"), site.UrlOf(page.Path)),
        new XElement("pubDate", $"{page.PublishedAt:R}"),
        new XElement("category", page.Kind == PageSummary.Recipe ? "Recipes" : "Guides"),
        page.Niche is null ? null : new XElement("category", Niche.LabelOf(Xml.Clean(page.Niche))),
        new XElement("description", Xml.Clean(page.Description)));
}
