using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Content.Recipes;

/// <summary>A recipe that became public on the blog is shown as published.</summary>
[Queue("content.content-published")]
public sealed class MarkRecipePublished : IHandle<ContentPublished>
{
    public Task HandleAsync(ContentPublished fact, Work work, CancellationToken ct) => RecipeTable.PublishAsync(work, new(fact.PieceId), fact.OccurredAt, ct);
}
