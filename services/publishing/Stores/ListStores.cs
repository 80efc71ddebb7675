using Empire.Data;
using Empire.Http;

namespace Empire.Publishing.Stores;

/// <summary>The account's stores, in the order in which they were connected.</summary>
public static class ListStores
{
    public sealed record Response(IReadOnlyList<StoreView> Data);

    public static async Task<Response> HandleAsync(Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return new([.. (await StoreTable.AllAsync(work, ct)).Select(StoreView.Of)]);
    }
}
