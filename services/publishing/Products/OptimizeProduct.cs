using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Publishing.Products;

/// <summary>Proposes changes to a product, each with its reason. The product stays as it is: what is liked of them goes to <c>PUT /api/products/{id}</c>.</summary>
public static class OptimizeProduct
{
    /// <param name="ProductId">prod_….</param>
    /// <example>{"product_id": "prod_0199f3a2c4d57e08a1b2c3d4e5f60718"}</example>
    public sealed record Request([Required] string ProductId);

    /// <param name="Summary">In one sentence.</param>
    /// <param name="PieceId">The piece in content's catalogue, with its cost.</param>
    /// <example>{"product_id": "prod_0199f3a2c4d57e08a1b2c3d4e5f60718", "summary": "The title says too little about the buyer, and the price is below that of like guides.",
    /// "changes": [{"field": "title", "from": "The Home Coffee Handbook: What to Check First", "to": "The Home Coffee Handbook: What to Check Before You Buy",
    /// "reason": "Says when the guide helps."}, {"field": "price", "from": 12, "to": 14, "reason": "Guides of this length cost 14 to 19."}],
    /// "piece_id": "piece_0199f3a17c5b7d3e8a4b5c6d7e8f9017", "prompt_version": "listing_review@1"}</example>
    public sealed record Response(string ProductId, string Summary, IReadOnlyList<Change> Changes, string PieceId, string PromptVersion);

    /// <param name="Field">As in <c>PUT /api/products/{id}</c>: title, description, price, features, seo.title, seo.meta_description, seo.slug or seo.keywords.</param>
    /// <param name="From">The value now: a number for the price, a list for features and keywords, else a text.</param>
    /// <param name="To">The value proposed, in the same form.</param>
    public sealed record Change(string Field, JsonElement From, JsonElement To, string Reason);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, Database db, ListingSource listings, TimeProvider clock, CancellationToken ct, [FromHeader(Name = "Idempotency-Key")] string? requestKey = null)
    {
        if (!PublicId.TryParse(ProductView.Prefix, request.ProductId, out var id)) throw new InvalidFieldException("product_id", "wanted: an id of the form prod_….");
        Product? product;
        await using (var work = await db.BeginAsync(caller.Tenant, ct)) product = await ProductTable.FindAsync(work, id, ct);
        if (product is null) return ProductEndpoints.NotFound(request.ProductId);
        var review = await listings.ReviewAsync(caller.Tenant, product, requestKey ?? $"{Guid.CreateVersion7(clock.GetUtcNow())}", ct);
        if (review.Value is not { } found) return review.Refusal!.ToProblem(review.Status);
        return TypedResults.Ok(new Response(
            PublicId.Format(ProductView.Prefix, id), found.Summary, [.. found.Changes.Select(change => Of(product, change))], PublicId.Format("piece", found.PieceId), found.PromptVersion));
    }

    private static Change Of(Product product, ListingReview.Change change) => change.Field switch
    {
        "title" => Text("title", product.Title, change),
        "description" => Text("description", product.Description, change),
        "price" => new("price", JsonSerializer.SerializeToElement(product.Price.Amount), JsonSerializer.SerializeToElement(decimal.Parse(change.To, CultureInfo.InvariantCulture)), change.Reason),
        "features" => List("features", product.Features, change),
        "seo_title" => Text("seo.title", product.SeoTitle, change),
        "meta_description" => Text("seo.meta_description", product.MetaDescription, change),
        "slug" => Text("seo.slug", product.Slug, change),
        "keywords" => List("seo.keywords", product.Keywords, change),
        var field => throw new JsonException($"content proposes a change of '{field}', which no product has."),
    };

    private static Change Text(string field, string now, ListingReview.Change change) => new(field, JsonSerializer.SerializeToElement(now), JsonSerializer.SerializeToElement(change.To), change.Reason);

    private static Change List(string field, string[] now, ListingReview.Change change) => new(
        field, JsonSerializer.SerializeToElement(now), JsonSerializer.SerializeToElement(change.To.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)), change.Reason);
}
