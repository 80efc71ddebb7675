using Empire.Data;
using Empire.Http;

namespace Empire.Autopilot.Catalogue;

public static class CatalogueEndpoints
{
    /// <example>{"id": "prod_0199f3a17c5b7d3e8a4b5c6d7e8f9053", "network": "meadow", "external_id": "MDW-1042", "name": "Cast-iron pan, 26 cm", "brand": "Hearth", "niche": "kitchen",
    /// "price": 34.9, "currency": "USD", "url": "https://shop.example.com/p/MDW-1042", "commission_rate": 0.08000}</example>
    public sealed record Item(
        string Id, string Network, string ExternalId, string Name, string Brand, string Niche, decimal Price, string Currency, string Url, decimal CommissionRate);

    public static void MapCatalogue(this WebApplication app) =>
        app.MapGet("/api/v1/autopilot/products", ListAsync).WithName("ListProducts").WithTags("Catalogue");

    /// <param name="niche">Only this niche; all when left out.</param>
    private static async Task<Page<Item>> ListAsync([AsParameters] PageRequest page, string? niche, Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Product>(
            $"""
            select {ProductTable.Columns} from products p
            where p.tenant_id = @Tenant and (@niche is null or p.niche = @niche) and (@after::uuid is null or p.id > @after::uuid)
            order by p.id limit @take
            """, new { caller.Tenant, niche, after = page.After<Guid>(), take = page.Fetch }, ct);
        return page.ToPage(rows, row => row.Id).Select(row => new Item(
            PublicId.Format("prod", row.Id), row.Network, row.ExternalId, row.Name, row.Brand, row.Niche, new Money(row.PriceMicros, row.Currency).Amount,
            row.Currency.Code, row.Url, row.CommissionRate));
    }
}
