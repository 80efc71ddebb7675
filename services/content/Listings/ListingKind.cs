using System.Text.Json;
using Empire.Content.Pieces;
using Empire.Content.Review;
using Empire.Http;

namespace Empire.Content.Listings;

/// <summary>What is to be offered.</summary>
/// <param name="ProductType">One of <see cref="ListingRules.ProductTypes"/>; null leaves it to the author.</param>
/// <param name="Price">What it must cost; null leaves it to the author.</param>
/// <param name="ExistingTitles">Of what the account offers in the niche already.</param>
public sealed record ListingBrief(string Niche, string? Audience, string? ProductType, decimal? Price, string Currency, string Language, IReadOnlyList<string> ExistingTitles);

/// <summary>A digital product of one's own, made up for a niche: the whole listing, ready for a store.</summary>
public sealed class ListingKind : PieceKind
{
    public const string KindName = "listing";

    public override string Name => KindName;
    public override string Platform => "store";

    public static Brief BriefFor(ListingBrief listing) => Brief.Of(KindName, listing, productId: null) with { Niche = listing.Niche };

    public override Brief BriefFor(PieceOrder order) => throw new InvalidFieldException("kind", "a listing is made for a niche; create a product at /api/products/create.");

    public override IEnumerable<Objection> Check(JsonElement document, Brief brief)
    {
        var listing = document.Deserialize<Listing>(PieceJson.Options)!;
        var wanted = brief.Read<ListingBrief>();
        foreach (var objection in ListingRules.Check(listing, Currency.Parse(wanted.Currency))) yield return objection;
        if (wanted.Price is { } price && listing.Price != price) yield return new("brief", $"price is {listing.Price}; wanted: {price}");
        if (wanted.ProductType is { } type && listing.ProductType != type) yield return new("brief", $"product_type is {listing.ProductType}; wanted: {type}");
        if (wanted.ExistingTitles.Contains(listing.Title, StringComparer.OrdinalIgnoreCase)) yield return new("title", $"'{listing.Title}' is offered already");
        if (!$"{listing.Title} {listing.Description}".Contains(wanted.Niche, StringComparison.OrdinalIgnoreCase)) yield return new("niche", $"neither title nor description says '{wanted.Niche}'");
    }
}
