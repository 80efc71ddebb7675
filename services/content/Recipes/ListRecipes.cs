using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Content.Recipes;

/// <summary>Recipes, newest first.</summary>
public static class ListRecipes
{
    // Of the property: where a parameter has attributes too, the framework cannot read them for the API document (it casts its merged list wrongly, 10.0.12).
    /// <param name="From">The first day (UTC) included.</param>
    /// <param name="To">The first day not included any more.</param>
    public sealed record Filter(
        [property: OneOf(null, "breakfast", "lunch", "dinner", "dessert", "snack")] string? Category = null,
        bool? Published = null, DateOnly? From = null, DateOnly? To = null);

    public static async Task<Ok<Page<RecipeView>>> HandleAsync(
        [AsParameters] Filter filter, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        if (filter.To < filter.From) throw new InvalidFieldException("to", "must not be before from.");
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await RecipeTable.ListAsync(
            work, filter.Category, filter.Published, Midnight(filter.From), Midnight(filter.To), page.After<(DateTimeOffset, Guid)>(), page.Fetch, ct);
        return TypedResults.Ok(page.ToPage(rows, recipe => (recipe.CreatedAt, recipe.Id.Value)));
    }

    private static DateTimeOffset? Midnight(DateOnly? day) => day is { } date ? new(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;
}
