using System.ComponentModel.DataAnnotations;
using Empire.Content.Llm;
using Empire.Content.Prompts;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Content.Pieces;

/// <summary>Asks for a piece about a product of the caller's own choice. It is generated in the background, when the day's budget allows.</summary>
public static class RequestPiece
{
    /// <example>{"kind": "blog_post", "product": {"name": "Burr Grinder 40", "niche": "coffee", "url": "https://shop.example.com/burr-grinder-40", "price": 129.00, "currency": "USD", "features": ["40 mm steel burrs", "30 steps of grind"]}}</example>
    /// <param name="RequestKey">The same key again gives the same piece; left out, every request is a new wish.</param>
    /// <param name="Category">Recipes only: breakfast, lunch, dinner, dessert or snack.</param>
    public sealed record Request(
        [Required, OneOf("recipe", "blog_post", "script", "social_post")] string Kind,
        [Required] ProductFacts Product,
        [StringLength(200)] string? Audience = null, string? Category = null, [StringLength(200, MinimumLength = 1)] string? RequestKey = null);

    /// <param name="Id">The product's own id in the catalogue; left out, it is a product that the catalogue does not know.</param>
    public sealed record ProductFacts(
        [Required, StringLength(300, MinimumLength = 1)] string Name, [Required, StringLength(100, MinimumLength = 1)] string Niche, [Required, WebAddress] string Url,
        Guid? Id = null, [StringLength(100)] string Brand = "", [StringLength(100)] string Network = "", [Range(0.0, 1e9)] decimal? Price = null, Currency? Currency = null,
        [StringLength(5000)] string Description = "", IReadOnlyList<string>? Features = null, [Range(0.0, 5.0)] double Rating = 0, [Range(0, int.MaxValue)] int ReviewCount = 0,
        [WebAddress] string? ImageUrl = null)
    {
        internal ProductSnapshot ToSnapshot(DateTimeOffset now) => new(
            Id ?? Guid.CreateVersion7(now), Name, Brand, Niche, Network, Price, Currency?.Code ?? Empire.Currency.Usd.Code, Description, Features ?? [], Rating, ReviewCount, Url, ImageUrl ?? "");
    }

    public static async Task<Accepted<PieceView>> HandleAsync(
        Request request, Caller caller, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, Database db, PieceRequests requests, ModelRouter router, PromptLibrary prompts, DuePieces due, TimeProvider clock,
        CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        // Under the caller's key also here, and not only where answers are kept: a repeat after a crash between commit and answer finds the piece.
        var order = new PieceOrder(request.Product.ToSnapshot(now), request.Audience, request.Category);
        var piece = await requests.AddAsync(work, request.RequestKey ?? $"api:{idempotencyKey ?? $"{Guid.CreateVersion7(now)}"}", batchId: null, request.Kind, order, ct);
        if (piece.State == Piece.Requested) router.Route(prompts.Get(piece.Kind, piece.PromptVersion).Route, piece.Niche); // where nobody can write it, it is not asked for
        await work.CommitAsync(ct);
        due.Announce(1);
        return TypedResults.Accepted($"/api/v1/content/pieces/{piece.Id}", PieceView.Of(piece));
    }
}
