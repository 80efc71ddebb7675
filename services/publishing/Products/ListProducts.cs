using Empire.Data;
using Empire.Http;

namespace Empire.Publishing.Products;

/// <summary>The account's products, the newest first.</summary>
public static class ListProducts
{
    /// <param name="Niche">Only those of this niche, as it was given.</param>
    public sealed record Filter(string? Niche = null);

    public static async Task<Page<ProductView>> HandleAsync([AsParameters] Filter filter, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return page.ToPage(await ProductTable.ListAsync(work, filter.Niche, page.After<Guid>(), page.Fetch, ct), product => product.Id).Select(ProductView.Of);
    }
}
