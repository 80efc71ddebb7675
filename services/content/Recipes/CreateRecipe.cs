using System.ComponentModel.DataAnnotations;
using Empire.Content.Pieces;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Content.Recipes;

/// <summary>Generates one complete recipe while the caller waits.</summary>
public static class CreateRecipe
{
    /// <example>{"category": "dinner", "difficulty": "easy", "servings": 4, "diet_type": "vegan", "cuisine": "italian", "include_affiliate": false}</example>
    public sealed record Request(
        [Required, OneOf("breakfast", "lunch", "dinner", "dessert", "snack")] string Category,
        [OneOf("easy", "medium", "hard")] string Difficulty = "medium",
        [Range(1, 12, ErrorMessage = "wanted: 1 to 12.")] int Servings = 4,
        [OneOf("omnivore", "vegetarian", "vegan", "paleo", "keto")] string DietType = "omnivore",
        [OneOf("american", "italian", "mexican", "asian", "middle_eastern")] string Cuisine = "american",
        bool IncludeAffiliate = true);

    public static async Task<Results<Created<RecipeView>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, WriteNow write, Database db, CancellationToken ct)
    {
        var brief = RecipeKind.BriefFor(new RecipeBrief(
            request.Category, request.Difficulty, request.Servings, request.DietType, request.Cuisine, request.IncludeAffiliate, Product: null));
        var (piece, problem) = await write.WriteAsync(caller, RecipeKind.KindName, brief, idempotencyKey, ct);
        if (piece is not { } id) return problem!;
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return TypedResults.Created($"/api/recipes/{id}", await RecipeTable.FindAsync(work, id, ct));
    }
}
