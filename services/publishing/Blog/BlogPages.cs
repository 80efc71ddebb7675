using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Publishing.Blog;

/// <summary>The pages that people read.</summary>
public static class BlogPages
{
    private const int FrontPosts = 9, FrontRecipes = 6, RelatedPages = 3;

    public static async Task<FileContentHttpResult> FrontAsync(HttpRequest request, Visit.Door door, BlogHtml html, CancellationToken ct)
    {
        await using var visit = await door.OpenAsync(request, ct);
        var posts = await PageTable.NewestAsync(visit.Work, PageSummary.Post, FrontPosts + 1, ct);
        var recipes = await PageTable.NewestAsync(visit.Work, PageSummary.Recipe, FrontRecipes + 1, ct);
        var lead = posts.Count > 0 ? posts[0] : recipes.Count > 0 ? recipes[0] : null;
        var model = new FrontModel(
            visit.Frame, lead, [.. posts.Where(page => page != lead).Take(FrontPosts)], [.. recipes.Where(page => page != lead).Take(FrontRecipes)]);
        return BlogAnswers.Page(await html.FrontAsync(model), posts.Concat(recipes).Max(page => (DateTimeOffset?)page.UpdatedAt));
    }

    public static Task<Results<FileContentHttpResult, ContentHttpResult>> PostsAsync(HttpRequest request, Visit.Door door, BlogHtml html, IOptions<BlogOptions> options, CancellationToken ct, int page = 1) =>
        SheetAsync(request, door, html, options, new("Guides", "What to buy, and what to leave on the shelf, argued from each product’s own data.", "/blog", PageSummary.Post), page, ct);

    public static Task<Results<FileContentHttpResult, ContentHttpResult>> RecipesAsync(HttpRequest request, Visit.Door door, BlogHtml html, IOptions<BlogOptions> options, CancellationToken ct, int page = 1) =>
        SheetAsync(request, door, html, options, new("Recipes", "Weighed in grams, timed to the minute, with the nutrition worked out.", "/recipes", PageSummary.Recipe), page, ct);

    public static async Task<Results<FileContentHttpResult, ContentHttpResult>> NicheAsync(
        string niche, HttpRequest request, Visit.Door door, BlogHtml html, IOptions<BlogOptions> options, CancellationToken ct, int page = 1)
    {
        await using (var visit = await door.OpenAsync(request, ct))
        {
            if (visit.Frame.Niches.FirstOrDefault(known => Slug.Of(known.Name) == niche) is not { } known) return await NotFoundAsync(visit.Frame, html);
            return await SheetAsync(visit, html, options.Value, new(known.Label, $"Guides and recipes about {known.Name}.", known.Path, null, known.Name), page, ct);
        }
    }

    public static async Task<Results<FileContentHttpResult, ContentHttpResult>> PostAsync(string slug, HttpRequest request, Visit.Door door, BlogHtml html, CancellationToken ct)
    {
        await using var visit = await door.OpenAsync(request, ct);
        if (await PageTable.FindAsync(visit.Work, PageSummary.Post, slug, ct) is not { } page) return await NotFoundAsync(visit.Frame, html);
        return BlogAnswers.Page(await html.PageAsync(visit.Frame, page, await PageTable.RelatedAsync(visit.Work, page.Summary, RelatedPages, ct)), page.Summary.UpdatedAt);
    }

    public static async Task<Results<FileContentHttpResult, ContentHttpResult>> RecipeAsync(string slug, HttpRequest request, Visit.Door door, BlogHtml html, CancellationToken ct)
    {
        await using var visit = await door.OpenAsync(request, ct);
        if (await PageTable.FindAsync(visit.Work, PageSummary.Recipe, slug, ct) is not { } page) return await NotFoundAsync(visit.Frame, html);
        return BlogAnswers.Page(await html.PageAsync(visit.Frame, page, await PageTable.RelatedAsync(visit.Work, page.Summary, RelatedPages, ct)), page.Summary.UpdatedAt);
    }

    public static async Task<FileContentHttpResult> AboutAsync(HttpRequest request, Visit.Door door, BlogHtml html, CancellationToken ct)
    {
        await using var visit = await door.OpenAsync(request, ct);
        return BlogAnswers.Page(await html.AboutAsync(visit.Frame));
    }

    public static async Task<ContentHttpResult> NotFoundAsync(HttpRequest request, Visit.Door door, BlogHtml html, CancellationToken ct)
    {
        await using var visit = await door.OpenAsync(request, ct);
        return await NotFoundAsync(visit.Frame, html);
    }

    private static async Task<Results<FileContentHttpResult, ContentHttpResult>> SheetAsync(
        HttpRequest request, Visit.Door door, BlogHtml html, IOptions<BlogOptions> options, Section section, int number, CancellationToken ct)
    {
        await using var visit = await door.OpenAsync(request, ct);
        return await SheetAsync(visit, html, options.Value, section, number, ct);
    }

    private static async Task<Results<FileContentHttpResult, ContentHttpResult>> SheetAsync(
        Visit visit, BlogHtml html, BlogOptions options, Section section, int number, CancellationToken ct)
    {
        if (number is < 1 or > 10_000) return await NotFoundAsync(visit.Frame, html);
        var (pages, total) = await PageTable.SheetAsync(visit.Work, section.Kind, section.Niche, number, options.PagesPerSheet, ct);
        if (pages.Count == 0 && number > 1) return await NotFoundAsync(visit.Frame, html);
        var sheets = (total + options.PagesPerSheet - 1) / options.PagesPerSheet;
        return BlogAnswers.Page(await html.ListAsync(new(visit.Frame, section.Title, section.Lede, section.Path, number, sheets, pages)), pages.Max(page => (DateTimeOffset?)page.UpdatedAt));
    }

    private static async Task<ContentHttpResult> NotFoundAsync(Frame frame, BlogHtml html) => BlogAnswers.NotFound(await html.NotFoundAsync(frame));

    /// <summary>A list of the site: a kind, or a niche of both kinds.</summary>
    private sealed record Section(string Title, string Lede, string Path, string? Kind, string? Niche = null);
}
