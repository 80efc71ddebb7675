using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Publishing.Products;

/// <summary>Changes a product: what is left out stays as it is.</summary>
public static partial class ChangeProduct
{
    /// <param name="Price">In the product's own currency; 0 is free of charge.</param>
    /// <param name="Features">All of them: they replace the old ones.</param>
    /// <example>{"title": "The Home Coffee Handbook", "price": 14.00, "seo": {"slug": "home-coffee-handbook"}}</example>
    public sealed record Request(
        [StringLength(Product.LongestTitle, MinimumLength = 1)] string? Title = null, [StringLength(Product.LongestDescription, MinimumLength = 1)] string? Description = null, decimal? Price = null,
        IReadOnlyList<string?>? Features = null, SeoChange? Seo = null);

    /// <param name="Keywords">All of them: they replace the old ones.</param>
    public sealed record SeoChange(
        [StringLength(Product.LongestTitle, MinimumLength = 1)] string? Title = null, [StringLength(500, MinimumLength = 1)] string? MetaDescription = null, [StringLength(100)] string? Slug = null,
        IReadOnlyList<string?>? Keywords = null);

    public static async Task<Results<Ok<ProductView>, ProblemHttpResult>> HandleAsync(string id, Request request, Caller caller, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (!PublicId.TryParse(ProductView.Prefix, id, out var key) || await ProductTable.LockAsync(work, key, ct) is not { } product) return ProductEndpoints.NotFound(id);
        if (request is { Title: null, Description: null, Price: null, Features: null, Seo: null or { Title: null, MetaDescription: null, Slug: null, Keywords: null } })
            throw new InvalidFieldException("body", "wanted: at least one of title, description, price, features and seo.");
        if (request.Title is { } title && string.IsNullOrWhiteSpace(title)) throw new InvalidFieldException("title", "is empty.");
        if (request.Seo?.Slug is { } slug && !SlugForm().IsMatch(slug)) throw new InvalidFieldException("seo.slug", "wanted: lower-case words with hyphens between them.");
        product.Change(
            request.Title, request.Description, request.Price is { } price ? ProductPrice.Of(price, product.Price.Currency) : null, Entries("features", request.Features, Product.MostFeatures),
            request.Seo?.Title, request.Seo?.MetaDescription, request.Seo?.Slug, Entries("seo.keywords", request.Seo?.Keywords, Product.MostKeywords), clock.GetUtcNow());
        await ProductTable.SaveAsync(work, product, ct);
        await work.CommitAsync(ct);
        return TypedResults.Ok(ProductView.Of(product));
    }

    private static List<string>? Entries(string field, IReadOnlyList<string?>? entries, int most)
    {
        if (entries is null) return null;
        if (entries.Count > most || entries.Any(entry => string.IsNullOrWhiteSpace(entry) || entry.Length > Product.LongestEntry))
            throw new InvalidFieldException(field, $"wanted: at most {most} texts of 1 to {Product.LongestEntry} characters.");
        return [.. entries.Select(entry => entry!.Trim())];
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex SlugForm();
}
