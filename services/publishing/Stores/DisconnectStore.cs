using Empire.Data;
using Empire.Http;
using Empire.Tiers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Publishing.Stores;

/// <summary>Forgets a store with its credentials and all that was copied from it; its place under the tier's limit is free with the same commit.</summary>
public static class DisconnectStore
{
    public static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string id, Caller caller, Database db, TenantResources resources, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (!PublicId.TryParse(StoreView.Prefix, id, out var key) || !await StoreTable.DeleteAsync(work, key, ct)) return StoreEndpoints.NotFound(id);
        await resources.ReleaseAsync(work, TierResource.Stores, ct);
        await work.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
