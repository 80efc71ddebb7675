using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Empire.Publishing.Blog;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Empire.Publishing.Tests.Blog;

/// <summary>Pages as a browser would understand them.</summary>
public static class Drawn
{
    public static BlogHtml Html { get; } = new(
        new ServiceCollection().AddLogging().AddSingleton(HtmlEncoder.Create(UnicodeRanges.All)).BuildServiceProvider(), NullLoggerFactory.Instance);

    public static async Task<IDocument> PageAsync(Page page) => Parse(await Html.PageAsync(Samples.Frame, page, []));

    public static IDocument Parse(string html) => new HtmlParser().ParseDocument(html);

    public static IReadOnlyList<JsonElement> StructuredData(this IDocument document) =>
        [.. document.QuerySelectorAll("script[type='application/ld+json']").Select(script => JsonDocument.Parse(script.TextContent).RootElement)];

    public static string? Meta(this IDocument document, string name) =>
        document.QuerySelector($"meta[name='{name}'], meta[property='{name}']")?.GetAttribute("content");

    /// <summary>True when <paramref name="first"/> comes before <paramref name="second"/> for a reader from the top.</summary>
    public static bool IsBefore(this INode first, INode second) => first.CompareDocumentPosition(second).HasFlag(DocumentPositions.Following);
}
