using Empire.Data;
using Empire.Http;
using Empire.Tiers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Publishing.Products;

/// <summary>Removes a product; its place under the tier's limit is free with the same commit.</summary>
public static class DeleteProduct
{
    public static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string id, Caller caller, Database db, TenantResources resources, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (!PublicId.TryParse(ProductView.Prefix, id, out var key) || !await ProductTable.DeleteAsync(work, key, ct)) return ProductEndpoints.NotFound(id);
        await resources.ReleaseAsync(work, TierResource.Products, ct);
        await work.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
