using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Content.Pieces;

/// <summary>The catalogue, newest first, without the documents.</summary>
public static class ListPieces
{
    /// <param name="PromptVersion">As <c>blog_post@1</c>.</param>
    public sealed record Filter(
        [property: OneOf(null, "recipe", "blog_post", "script", "social_post", "article")] string? Kind = null,
        [property: OneOf(null, "requested", "generating", "generated", "failed")] string? State = null,
        string? Platform = null, string? Niche = null, [FromQuery(Name = "product_id")] Guid? ProductId = null, [FromQuery(Name = "batch_id")] Guid? BatchId = null,
        [FromQuery(Name = "prompt_version")] string? PromptVersion = null);

    public static async Task<Ok<Page<PieceView>>> HandleAsync(
        [AsParameters] Filter filter, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Piece>(
            """
            select id, tenant_id, batch_id, kind, platform, niche, product_id, prompt_version, state, due_at, model, title, failure, cost_micros, test, requested_at, finished_at
            from pieces
            where tenant_id = current_tenant() and id < coalesce(@after, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
              and (@Kind::text is null or kind = @Kind) and (@State::text is null or state = @State) and (@Platform::text is null or platform = @Platform)
              and (@Niche::text is null or niche = @Niche) and (@ProductId::uuid is null or product_id = @ProductId) and (@BatchId::uuid is null or batch_id = @BatchId)
              and (@PromptVersion::text is null or kind || '@' || prompt_version = @PromptVersion)
            order by id desc limit @limit
            """,
            new
            {
                filter.Kind, filter.State, filter.Platform, filter.Niche, filter.ProductId, filter.BatchId, filter.PromptVersion,
                after = page.After<Guid>(),
                limit = page.Fetch,
            }, ct);
        return TypedResults.Ok(page.ToPage([.. rows.Select(PieceView.Of)], piece => piece.Id.Value));
    }
}
