using System.ComponentModel.DataAnnotations;
using Empire.Contracts.V1;
using Empire.Data;
using Empire.Http;
using Empire.Tiers;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Publishing.Products;

/// <summary>Has a product made for a niche: title, description, price and what search engines show. It counts against the tier from the moment it is there.</summary>
/// <remarks>The listing costs money, so the limit is looked at before it is written; it is taken in the transaction that adds the product. A process that dies in between leaves a
/// listing in content's catalogue, which the repeat under the same Idempotency-Key finds.</remarks>
public static class CreateProduct
{
    /// <summary>Enough that a new one differs; the author reads them all.</summary>
    private const int TitlesShown = 20;

    /// <param name="Niche">What it is about, as buyers call it.</param>
    /// <param name="Audience">For whom; left out, those who are usually interested in the niche.</param>
    /// <param name="ProductType">course, coaching, template, guide or tool; left out, whatever fits.</param>
    /// <param name="Price">What it shall cost; left out, an ordinary price of its kind.</param>
    /// <param name="Currency">ISO 4217; left out, USD.</param>
    /// <example>{"niche": "home coffee", "product_type": "guide"}</example>
    public sealed record Request(
        [Required, StringLength(200, MinimumLength = 2)] string Niche, [StringLength(200, MinimumLength = 2)] string? Audience = null,
        [OneOf(null, "course", "coaching", "template", "guide", "tool")] string? ProductType = null,
        decimal? Price = null, Currency? Currency = null);

    public static async Task<Results<Created<ProductView>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, Database db, TenantResources resources, ListingSource listings, TimeProvider clock, CancellationToken ct,
        [FromHeader(Name = "Idempotency-Key")] string? requestKey = null)
    {
        var currency = request.Currency ?? Empire.Currency.Usd;
        var price = request.Price is { } asked ? ProductPrice.Of(asked, currency) : (Money?)null;
        if (price is { Micros: 0 }) throw new InvalidFieldException("price", "wanted: above 0; leave it out to have one proposed.");
        var niche = Plain("niche", request.Niche)!;
        var audience = Plain("audience", request.Audience);
        var tier = caller.Tier ?? TierTable.Free;
        var wish = new WriteListingRequest { RequestKey = requestKey ?? $"{Guid.CreateVersion7(clock.GetUtcNow())}", Niche = niche, Audience = audience ?? "", ProductType = request.ProductType ?? "", Currency = currency.Code };
        if (price is { } wanted) wish.PriceMicros = wanted.Micros;
        await using (var look = await db.BeginAsync(caller.Tenant, ct)) // never committed: it only asks
        {
            if (requestKey is not null && await ProductTable.FindRequestAsync(look, requestKey, ct) is { } known) return Created(known);
            wish.ExistingTitles.AddRange(await ProductTable.TitlesAsync(look, niche, TitlesShown, ct));
            if (await resources.ClaimAsync(look, TierResource.Products, tier, ct) is { } full) return full.ToProblem(StatusCodes.Status403Forbidden);
        }
        var listing = await listings.WriteAsync(caller.Tenant, wish, ct);
        if (listing.Value is not { } written) return listing.Refusal!.ToProblem(listing.Status);
        FaultPoint.Pass("publishing.product-written");

        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await resources.ClaimAsync(work, TierResource.Products, tier, ct) is { } refusal) return refusal.ToProblem(StatusCodes.Status403Forbidden);
        var product = Product.From(written, Money.Of(written.Price, currency), niche, caller.Actor, requestKey, clock.GetUtcNow());
        if (!await ProductTable.AddAsync(work, product, ct)) return Created((await ProductTable.FindRequestAsync(work, requestKey!, ct))!); // not committed: the place is free again
        await work.CommitAsync(ct);
        return Created(product);
    }

    /// <summary>What goes into a prompt is one line of text.</summary>
    private static string? Plain(string field, string? text) =>
        text is not null && text.Any(char.IsControl) ? throw new InvalidFieldException(field, "holds characters that are no text.") : text?.Trim();

    private static Created<ProductView> Created(Product product) => TypedResults.Created((string?)null, ProductView.Of(product));
}

/// <summary>What may be asked for a product.</summary>
internal static class ProductPrice
{
    /// <exception cref="InvalidFieldException">Negative, above the highest, or with more decimals than the currency has.</exception>
    public static Money Of(decimal price, Currency currency) =>
        price is < 0 or > Product.HighestPrice || decimal.Round(price, currency.Exponent) != price
            ? throw new InvalidFieldException("price", $"wanted: 0 to {Product.HighestPrice}, with at most {currency.Exponent} decimals in {currency}.")
            : Money.Of(price, currency);
}
