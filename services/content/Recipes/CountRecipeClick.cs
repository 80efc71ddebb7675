using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Content.Recipes;

/// <summary>Counts a reader who followed a tracked link of a recipe. The inbox row commits with the count, so a repeated delivery counts once.</summary>
[Queue("content.affiliate-clicked")]
public sealed class CountRecipeClick : IHandle<AffiliateClicked>
{
    public Task HandleAsync(AffiliateClicked fact, Work work, CancellationToken ct) =>
        fact.PieceId is { } piece ? RecipeTable.AddClickAsync(work, new(piece), ct) : Task.CompletedTask;
}
