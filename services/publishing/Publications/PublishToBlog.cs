using Empire.Data;
using Empire.Publishing.Blog;
using Empire.Publishing.Media;
using Empire.Publishing.Pieces;
using Microsoft.Extensions.Options;

namespace Empire.Publishing.Publications;

/// <summary>Puts a piece on the tenant's blog: the page is public when, and only when, the event that says so is on its way.</summary>
public sealed class PublishToBlog(Database db, BlogHtml html, MediaStore media, IOptions<BlogOptions> options, TimeProvider clock)
{
    /// <param name="code">Of the tracked link; null for a piece that sells nothing.</param>
    public async Task<PublishOutcome> PublishAsync(Publication publication, Piece piece, string? code, CancellationToken ct)
    {
        var site = await SiteTable.EnsureAsync(db, publication.Tenant, options.Value, clock.GetUtcNow(), ct);
        var image = piece.Product?.ImageUrl is { } address ? await media.FetchAsync(publication.Tenant, address, ct) : null;
        var page = Draft(piece, code, image, clock.GetUtcNow());
        var drawn = await html.PageAsync(new(site, [], clock.GetUtcNow().Year), page, []);
        if (ContentRules.CheckPage(drawn) is { } refusal) return PublishOutcome.Refused(refusal);
        FaultPoint.Pass("publishing.rendered");

        await using var work = await db.BeginAsync(publication.Tenant, ct);
        page = page with { Summary = page.Summary with { Slug = await PageTable.TakeSlugAsync(work, page.Summary.Kind, page.Summary.Slug, ct) } };
        if (!await PublicationTable.PublishedAsync(work, publication, site.UrlOf(page.Summary.Path), null, page.Summary.PublishedAt, ct)) return PublishOutcome.Done;
        await PageTable.InsertAsync(work, publication.Id, page, ct);
        await work.CommitAsync(ct);
        return PublishOutcome.Done;
    }

    private static Page Draft(Piece piece, string? code, string? image, DateTimeOffset now)
    {
        if (piece.Kind == "recipe")
        {
            var recipe = DocumentJson.Parse<RecipeDocument>(piece.Document);
            // A dish belongs under its course: the niche is that of the product it makes use of, and a stir-fry is no "home coffee".
            return Of(PageSummary.Recipe, recipe.Title, recipe.Title, recipe.Description, recipe.TotalMinutes, recipe.Category is { Length: > 0 } course ? course : piece.Niche);
        }
        var post = DocumentJson.Parse<BlogPostDocument>(piece.Document);
        var minutes = ArticleMarkdown.Render(post.BodyMarkdown, post.Title, null).ReadingMinutes;
        return Of(PageSummary.Post, post.Title, post.Slug is { Length: > 0 } slug ? slug : post.Title, post.MetaDescription, minutes, piece.Niche);

        Page Of(string kind, string title, string slug, string description, int minutes, string? subject) => new(
            new(kind, Slug.Of(slug), title, description, subject, minutes, kind == PageSummary.Post ? image : null, piece.Test, now, now),
            piece.Document, code is null ? null : piece.Product, code, image);
    }
}
