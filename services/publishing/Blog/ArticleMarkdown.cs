using Markdig;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Empire.Publishing.Blog;

/// <summary>Turns a piece's Markdown into HTML that is safe to serve: no raw HTML, no picture from elsewhere, links only to http(s) and to our
/// own tracked link. Headings start at level 2 and skip none, because the page's title is its only h1.</summary>
public static class ArticleMarkdown
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml().UsePipeTables().UseAutoIdentifiers(Markdig.Extensions.AutoIdentifiers.AutoIdentifierOptions.GitHub).UseEmphasisExtras().Build();

    /// <param name="affiliate">The product that <c>product:UUID</c> links to; null unlinks them all.</param>
    public static Article Render(string markdown, string title, AffiliateLink? affiliate)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        DropRepeatedTitle(document, title);
        var headings = LevelHeadings(document);
        foreach (var link in document.Descendants<LinkInline>().ToList()) Settle(link, affiliate);
        foreach (var link in document.Descendants<AutolinkInline>().ToList()) Settle(link, affiliate);
        return new(document.ToHtml(Pipeline), headings, CountWords(document));
    }

    private static void DropRepeatedTitle(MarkdownDocument document, string title)
    {
        if (document.FirstOrDefault() is HeadingBlock first && string.Equals(TextOf(first), title, StringComparison.OrdinalIgnoreCase)) document.Remove(first);
    }

    private static List<Heading> LevelHeadings(MarkdownDocument document)
    {
        var blocks = document.Descendants<HeadingBlock>().ToList();
        var shift = blocks.Count == 0 ? 0 : 2 - blocks.Min(block => block.Level);
        var previous = 1;
        foreach (var block in blocks) previous = block.Level = Math.Clamp(block.Level + shift, 2, Math.Min(previous + 1, 6));
        return [.. blocks.Where(block => block.Level == 2).Select(block => new Heading(block.GetAttributes().Id ?? "", TextOf(block)))];
    }

    private static void Settle(LinkInline link, AffiliateLink? affiliate)
    {
        if (!link.IsImage && affiliate?.Leads(link.Url) == true)
        {
            link.Url = affiliate.Path;
            link.GetAttributes().AddProperty("rel", AffiliateLink.Rel);
        }
        else if (!link.IsImage && IsWebAddress(link.Url)) link.GetAttributes().AddProperty("rel", "noopener");
        else link.ReplaceBy(new ContainerInline()); // its words stay, the link goes
    }

    private static void Settle(AutolinkInline link, AffiliateLink? affiliate)
    {
        if (affiliate?.Leads(link.Url) == true)
        {
            var tracked = new LinkInline(affiliate.Path, "");
            tracked.AppendChild(new LiteralInline(affiliate.ProductName));
            tracked.GetAttributes().AddProperty("rel", AffiliateLink.Rel);
            link.ReplaceBy(tracked);
        }
        else if (link.IsEmail || !IsWebAddress(link.Url)) link.ReplaceBy(new LiteralInline(link.Url));
        else link.GetAttributes().AddProperty("rel", "noopener");
    }

    private static bool IsWebAddress(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    private static string TextOf(LeafBlock block) => string.Concat(block.Inline?.Descendants().Select(inline => Text(inline)) ?? []);

    private static string Text(MarkdownObject inline) => inline switch { LiteralInline literal => literal.Content.ToString(), CodeInline code => code.Content, LineBreakInline => " ", _ => "" };

    private static int CountWords(MarkdownDocument document) =>
        document.Descendants<LeafBlock>().Sum(block => TextOf(block).Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries).Length);
}

/// <param name="Html">Safe to write into a page as it is.</param>
/// <param name="Headings">Those of level 2, for a table of contents.</param>
public sealed record Article(string Html, IReadOnlyList<Heading> Headings, int Words)
{
    /// <summary>At 220 words a minute, an adult's silent reading of plain English (Brysbaert 2019: 238, less for tables), never less than one.</summary>
    public int ReadingMinutes => Math.Max(1, (Words + 110) / 220);
}

public sealed record Heading(string Id, string Text);
