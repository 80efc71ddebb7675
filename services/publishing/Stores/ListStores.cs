using Empire.Data;
using Empire.Http;

namespace Empire.Publishing.Stores;

/// <summary>The account's stores, in the order in which they were connected.</summary>
public static class ListStores
{
    /// <example>{"data": [{"id": "store_0199f3a2c4d57e08a1b2c3d4e5f60718", "user_id": "user:0199f3a17c5b7d3e8a4b5c6d7e8f9012", "store_name": "Grind And Brew", "platform": "shopify",
    /// "store_url": "https://grind-and-brew.myshopify.com", "monthly_revenue": 1240.5, "currency": "USD", "total_products": 11, "is_active": true, "failure": null, "test": false,
    /// "synced_at": "2026-03-02T08:00:00+00:00", "created_at": "2026-03-01T09:00:00+00:00", "token_set_at": "2026-03-01T09:00:00+00:00"}]}</example>
    public sealed record Response(IReadOnlyList<StoreView> Data);

    public static async Task<Response> HandleAsync(Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return new([.. (await StoreTable.AllAsync(work, ct)).Select(StoreView.Of)]);
    }
}
