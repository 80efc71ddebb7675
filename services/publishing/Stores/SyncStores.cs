using Empire.Credentials;
using Empire.Data;
using Empire.Http;
using Empire.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Publishing.Stores;

/// <summary>Fetches products, orders and checkouts of one store or of all, and sums the month up.</summary>
/// <remarks>The platform is asked outside the transaction; what it told is then written in one. A death in between changes nothing, and a sync that was overtaken by a later one writes nothing.</remarks>
public static class SyncStores
{
    private const int AtOnce = 4;

    /// <param name="StoreId">store_…; left out, every store of the account.</param>
    /// <example>{"store_id": "store_0199f3a2c4d57e08a1b2c3d4e5f60718"}</example>
    public sealed record Request(string? StoreId = null);

    /// <param name="Synced">How many went well; the others say in <c>failure</c> why not.</param>
    /// <example>{"synced": 1, "data": [{"id": "store_0199f3a2c4d57e08a1b2c3d4e5f60718", "user_id": "user:0199f3a17c5b7d3e8a4b5c6d7e8f9012", "store_name": "Grind And Brew",
    /// "platform": "shopify", "store_url": "https://grind-and-brew.myshopify.com", "monthly_revenue": 1240.5, "currency": "USD", "total_products": 11, "is_active": true, "failure": null,
    /// "test": false, "synced_at": "2026-03-02T08:00:00+00:00", "created_at": "2026-03-01T09:00:00+00:00", "token_set_at": "2026-03-01T09:00:00+00:00"}]}</example>
    public sealed record Response(int Synced, IReadOnlyList<StoreView> Data);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request? request, Caller caller, Database db, Storefronts storefronts, Sealer sealer, CredentialWatch watch, TimeProvider clock, CancellationToken ct)
    {
        IReadOnlyList<Store> stores;
        await using (var work = await db.BeginAsync(caller.Tenant, ct))
        {
            if (request?.StoreId is not { } wanted) stores = await StoreTable.AllAsync(work, ct);
            else if (PublicId.TryParse(StoreView.Prefix, wanted, out var id) && await StoreTable.FindAsync(work, id, ct) is { } store) stores = [store];
            else return StoreEndpoints.NotFound(wanted);
        }
        await Parallel.ForEachAsync(stores, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
            async (store, stop) => await SyncAsync(store, caller.Tenant, db, storefronts.Get(store.Platform), sealer, watch, clock.GetUtcNow(), stop));

        await using var after = await db.BeginAsync(caller.Tenant, ct);
        var asked = stores.Select(store => store.Id).ToHashSet();
        var now = (await StoreTable.AllAsync(after, ct)).Where(store => asked.Contains(store.Id)).ToList(); // one that was disconnected meanwhile is not told of
        if (now.Count > 0 && now.All(store => store.Failure is not null)) return Failed(now);
        return TypedResults.Ok(new Response(now.Count(store => store.Failure is null), [.. now.Select(StoreView.Of)]));
    }

    private static ProblemHttpResult Failed(List<Store> stores)
    {
        var words = string.Join(' ', stores.Select(store => $"{store.StoreName}: {store.Failure}"));
        return stores.All(store => !store.IsActive)
            ? new Refusal("store-not-connected", $"{words} Connect again with a new access token.").ToProblem()
            : new Refusal("platform-unreachable", words).ToProblem(StatusCodes.Status502BadGateway);
    }

    private static async Task SyncAsync(Store store, TenantId tenant, Database db, IStorefront storefront, Sealer sealer, CredentialWatch watch, DateTimeOffset began, CancellationToken ct)
    {
        StoreSecret secret;
        StoreFigures figures;
        try
        {
            secret = StoreSecret.Open(sealer, store.ApiCredentials, store.Id);
            if (!await CountAsync(store, tenant, db, watch, ct)) return;
            figures = await storefront.FetchAsync(store.StoreUrl, secret.AccessToken, began - Store.Known, began - Store.Month, ct);
            figures = figures with { Orders = [.. figures.Orders.DistinctBy(order => order.Id)] }; // a sale between two pages moves the last of one onto the next
        }
        catch (Exception e) when (e is StorefrontException or UnreadableSecretException)
        {
            await using var failed = await db.BeginAsync(tenant, ct);
            await StoreTable.FailAsync(failed, store, e is StorefrontException ? e.Message : StoreSecret.Unreadable, e is not StorefrontException { Refused: false }, ct);
            await failed.CommitAsync(ct);
            return;
        }
        FaultPoint.Pass("publishing.store-fetched");
        await using var work = await db.BeginAsync(tenant, ct);
        if (!await StoreTable.SaveFiguresAsync(work, store.Id, figures, began, ct)) return;
        await StoreTable.SaveOrdersAsync(work, store.Id, figures.Orders, secret, ct);
        await StoreTable.ForgetOrdersAsync(work, store.Id, began - Store.Known, ct);
        await StoreTable.SumUpAsync(work, store.Id, began - Store.Month, ct);
        await work.CommitAsync(ct);
    }
    /// <summary>Each sync is one use of the token, counted before the platform sees it: also one that then dies was one.</summary>
    /// <returns>False when the store was disconnected meanwhile.</returns>
    private static async Task<bool> CountAsync(Store store, TenantId tenant, Database db, CredentialWatch watch, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(tenant, ct);
        if (!await watch.UsedAsync(work, store.Id, ct)) return false;
        work.NothingToAudit(); // the sync itself is in the audit log
        await work.CommitAsync(ct);
        return true;
    }
}
