using Empire.Content.Pieces;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Content.Recipes;

/// <summary>One recipe. Reading it counts as a view.</summary>
public static class GetRecipe
{
    public static async Task<Results<Ok<RecipeView>, NotFound>> HandleAsync(PieceId id, Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (!await RecipeTable.AddViewAsync(work, id, ct)) return TypedResults.NotFound();
        var recipe = await RecipeTable.FindAsync(work, id, ct);
        await work.CommitAsync(ct);
        return TypedResults.Ok(recipe);
    }
}
