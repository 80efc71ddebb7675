using System.Text.Json;
using Empire.Data;
using Empire.Publishing.Pieces;

namespace Empire.Publishing.Blog;

public static class PageTable
{
    /// <summary>A recipe's cover is its plate, not the pan that is sold beside it.</summary>
    private const string Summary =
        "kind, slug, title, description, niche, minutes, case kind when 'post' then product_image end as image, test, published_at, updated_at";

    /// <returns>The newest first.</returns>
    public static Task<IReadOnlyList<PageSummary>> NewestAsync(Work work, string? kind, int count, CancellationToken ct) =>
        work.QueryAsync<PageSummary>(
            $"select {Summary} from pages where tenant_id = current_tenant() and (@kind::text is null or kind = @kind) order by published_at desc, id desc limit @count", new { kind, count }, ct);

    /// <summary>One sheet of a list and the size of the whole.</summary>
    public static async Task<(IReadOnlyList<PageSummary> Pages, int Total)> SheetAsync(Work work, string? kind, string? niche, int number, int size, CancellationToken ct)
    {
        var filter = new { kind, niche, size, skip = (number - 1) * size };
        const string Where = "where tenant_id = current_tenant() and (@kind::text is null or kind = @kind) and (@niche::text is null or niche = @niche)";
        var total = await work.QuerySingleAsync<int>($"select count(*)::int from pages {Where}", filter, ct);
        var pages = await work.QueryAsync<PageSummary>($"select {Summary} from pages {Where} order by published_at desc, id desc limit @size offset @skip", filter, ct);
        return (pages, total);
    }

    public static Task<IReadOnlyList<Niche>> NichesAsync(Work work, CancellationToken ct) =>
        work.QueryAsync<Niche>("select niche as name, count(*)::int as pages from pages where tenant_id = current_tenant() and niche is not null group by niche order by 2 desc, 1", ct: ct);

    public static async Task<Page?> FindAsync(Work work, string kind, string slug, CancellationToken ct) =>
        (await work.QuerySingleOrDefaultAsync<Row>(
            $"select {Summary}, document::text, product::text, link_code, product_image from pages where tenant_id = current_tenant() and kind = @kind and slug = @slug", new { kind, slug }, ct))?.ToPage();

    public static async Task<Page?> FindAsync(Work work, Guid publication, CancellationToken ct) =>
        (await work.QuerySingleOrDefaultAsync<Row>(
            $"select {Summary}, document::text, product::text, link_code, product_image from pages where tenant_id = current_tenant() and id = @publication", new { publication }, ct))?.ToPage();

    /// <returns>Of the same kind, those of the same niche first.</returns>
    public static Task<IReadOnlyList<PageSummary>> RelatedAsync(Work work, PageSummary page, int count, CancellationToken ct) =>
        work.QueryAsync<PageSummary>(
            $"""
            select {Summary} from pages where tenant_id = current_tenant() and kind = @Kind and slug <> @Slug
            order by niche is not distinct from @Niche desc, published_at desc, id desc limit @count
            """, new { page.Kind, page.Slug, page.Niche, count }, ct);

    /// <summary>Takes an address for the page that this work inserts: the wanted slug, or the first free one of <c>slug-2</c>, <c>slug-3</c>, … Others who want the
    /// same wait until this work ends.</summary>
    public static async Task<string> TakeSlugAsync(Work work, string kind, string wanted, CancellationToken ct)
    {
        await work.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended(@address, 0))", new { address = $"{work.Tenant} {PageSummary.PathOf(kind, wanted)}" }, ct);
        var taken = (await work.QueryAsync<string>(
            "select slug from pages where tenant_id = current_tenant() and kind = @kind and (slug = @wanted or starts_with(slug, @wanted || '-'))", new { kind, wanted }, ct)).ToHashSet(StringComparer.Ordinal);
        return taken.Contains(wanted) ? Enumerable.Range(2, taken.Count + 1).Select(number => $"{wanted}-{number}").First(slug => !taken.Contains(slug)) : wanted;
    }

    /// <param name="id">The publication's.</param>
    public static Task InsertAsync(Work work, Guid id, Page page, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            insert into pages (id, tenant_id, kind, slug, title, description, niche, minutes, document, product, link_code, product_image, test, published_at, updated_at)
            values (@id, @Tenant, @Kind, @Slug, @Title, @Description, @Niche, @Minutes, @Document::jsonb, @product::jsonb, @LinkCode, @ProductImage, @Test, @PublishedAt, @UpdatedAt)
            """,
            new
            {
                id, work.Tenant, page.Summary.Kind, page.Summary.Slug, page.Summary.Title, page.Summary.Description, page.Summary.Niche, page.Summary.Minutes, page.Document,
                product = page.Product is null ? null : JsonSerializer.Serialize(page.Product, DocumentJson.Options), page.LinkCode, page.ProductImage, page.Summary.Test,
                page.Summary.PublishedAt, page.Summary.UpdatedAt,
            }, ct);

    /// <summary>Every address of the site with the day it last changed, the newest first; a sitemap holds at most 50,000 (sitemaps.org).</summary>
    public static Task<IReadOnlyList<PageSummary>> AllAsync(Work work, CancellationToken ct) =>
        work.QueryAsync<PageSummary>($"select {Summary} from pages where tenant_id = current_tenant() order by published_at desc, id desc limit 49000", ct: ct);

    private sealed record Row(
        string Kind, string Slug, string Title, string Description, string? Niche, int Minutes, string? Image, bool Test, DateTimeOffset PublishedAt, DateTimeOffset UpdatedAt,
        string Document, string? Product, string? LinkCode, string? ProductImage)
        : PageSummary(Kind, Slug, Title, Description, Niche, Minutes, Image, Test, PublishedAt, UpdatedAt)
    {
        public Page ToPage() => new(this, Document, Product is null ? null : DocumentJson.Parse<ProductMention>(Product), LinkCode, ProductImage);
    }
}
