using System.Globalization;
using System.Text.Json;
using Empire.Content.Pieces;
using Empire.Content.Review;
using Empire.Http;

namespace Empire.Content.Listings;

/// <summary>A listing that is to sell better.</summary>
/// <param name="Findings">What can be counted and is wrong with it: the changes must mend all of it.</param>
public sealed record ListingReviewBrief(string Niche, Listing Listing, string Currency, string Language, IReadOnlyList<ListingReviewBrief.Finding> Findings)
{
    public sealed record Finding(string Field, string Problem);
}

/// <summary>What a model writes for it.</summary>
public sealed record ListingReview(string Summary, IReadOnlyList<ListingReview.Change> Changes)
{
    /// <param name="To">The new value as text: a price as a plain number, a list one entry a line.</param>
    public sealed record Change(string Field, string To, string Reason);
}

/// <summary>Proposals for a listing, each with its reason. The listing with all of them applied keeps to every rule.</summary>
public sealed class ListingReviewKind : PieceKind
{
    public const string KindName = "listing_review";

    /// <summary>How far a proposed price may lie from the current one, as a share of it: further is a guess.</summary>
    private const decimal LargestStep = 0.5m;

    private const int FewestReason = 15, MostReason = 400;

    public override string Name => KindName;
    public override string Platform => "store";

    public static Brief BriefFor(Listing listing, string niche, Currency currency) => Brief.Of(
        KindName,
        new ListingReviewBrief(niche, listing, currency.Code, "en", [.. ListingRules.Check(listing, currency).Select(objection => new ListingReviewBrief.Finding(objection.Rule, objection.Detail))]),
        productId: null) with
    { Niche = niche };

    public override Brief BriefFor(PieceOrder order) => throw new InvalidFieldException("kind", "a listing is reviewed where it is kept; ask at /api/products/optimize.");

    public override string TitleOf(JsonElement document) => document.GetProperty("summary").GetString()!;

    public override IEnumerable<Objection> Check(JsonElement document, Brief brief)
    {
        var review = document.Deserialize<ListingReview>(PieceJson.Options)!;
        var told = brief.Read<ListingReviewBrief>();
        var currency = Currency.Parse(told.Currency);
        List<Objection> objections = [];
        foreach (var twice in review.Changes.GroupBy(change => change.Field).Where(group => group.Count() > 1)) objections.Add(new(twice.Key, "is changed twice"));
        var listing = told.Listing;
        foreach (var change in review.Changes)
        {
            if (change.Reason.Length is < FewestReason or > MostReason) objections.Add(new(change.Field, $"the reason has {change.Reason.Length} characters; wanted: {FewestReason} to {MostReason}"));
            if (Apply(listing, change) is not { } changed) objections.Add(new(change.Field, $"'{change.To}' is no value for it"));
            else if (IsSame(changed, listing)) objections.Add(new(change.Field, "is that already"));
            else listing = changed;
        }
        if (told.Listing.Price > 0 && Math.Abs(listing.Price - told.Listing.Price) > told.Listing.Price * LargestStep)
            objections.Add(new(ListingRules.PriceField, $"{listing.Price} is too far from {told.Listing.Price}; at most half of it up or down"));
        return [.. objections, .. ListingRules.Check(listing, currency)];
    }

    /// <returns>The listing with the change; null where the text is no value of the field.</returns>
    private static Listing? Apply(Listing listing, ListingReview.Change change) => change.Field switch
    {
        ListingRules.TitleField => listing with { Title = change.To },
        ListingRules.DescriptionField => listing with { Description = change.To },
        ListingRules.PriceField => decimal.TryParse(change.To, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) ? listing with { Price = price } : null,
        ListingRules.FeaturesField => listing with { Features = Lines(change.To) },
        ListingRules.SeoTitleField => listing with { Seo = listing.Seo with { Title = change.To } },
        ListingRules.MetaField => listing with { Seo = listing.Seo with { MetaDescription = change.To } },
        ListingRules.SlugField => listing with { Seo = listing.Seo with { Slug = change.To } },
        ListingRules.KeywordsField => listing with { Seo = listing.Seo with { Keywords = Lines(change.To) } },
        _ => null,
    };

    private static bool IsSame(Listing one, Listing other) =>
        JsonSerializer.Serialize(one, PieceJson.Options) == JsonSerializer.Serialize(other, PieceJson.Options);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
