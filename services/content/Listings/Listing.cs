using System.Globalization;
using System.Text.RegularExpressions;
using Empire.Content.Review;

namespace Empire.Content.Listings;

/// <summary>How something of one's own is offered in a store: what a buyer reads, what it costs, and what search engines show of it.</summary>
/// <param name="Price">In the currency of the brief; above zero.</param>
/// <param name="Features">What the buyer gets, one thing each.</param>
public sealed record Listing(string Title, string Description, string ProductType, decimal Price, IReadOnlyList<string> Features, ListingSeo Seo);

/// <param name="Title">What a search result shows as its title.</param>
/// <param name="Slug">The end of the page's address.</param>
public sealed record ListingSeo(string Title, string MetaDescription, string Slug, IReadOnlyList<string> Keywords);

/// <summary>What every listing keeps to, whether it was just written or is to be improved. Each objection is under the field it concerns, so that a review can be asked to mend it.</summary>
internal static partial class ListingRules
{
    public const string TitleField = "title", DescriptionField = "description", PriceField = "price", FeaturesField = "features",
        SeoTitleField = "seo_title", MetaField = "meta_description", SlugField = "slug", KeywordsField = "keywords";

    /// <summary>Stores cut a title off there in their lists; search engines cut theirs at about 60 characters and a description at 160.</summary>
    private const int LongestTitle = 120, LongestSeoTitle = 60, LongestMeta = 160, LongestSlug = 80;

    private const int FewestWords = 40, MostWords = 400, FewestFeatures = 3, MostFeatures = 10, FewestKeywords = 5, MostKeywords = 10;

    private const decimal HighestPrice = 10_000;

    public static readonly IReadOnlyList<string> ProductTypes = ["course", "coaching", "template", "guide", "tool"];

    public static IEnumerable<Objection> Check(Listing listing, Currency currency)
    {
        if (listing.Title.Trim().Length is 0 or > LongestTitle) yield return Length(TitleField, listing.Title.Length, LongestTitle);
        if (Markdown.Words(listing.Description) is var words && words is < FewestWords or > MostWords) yield return new(DescriptionField, $"{words} words; wanted: {FewestWords} to {MostWords}");
        if (listing.Price is <= 0 or > HighestPrice || decimal.Round(listing.Price, currency.Exponent) != listing.Price)
            yield return new(PriceField, $"{listing.Price.ToString(CultureInfo.InvariantCulture)} {currency} is no price; wanted: above 0, at most {HighestPrice:0}, with at most {currency.Exponent} decimals");
        if (listing.Features.Count is < FewestFeatures or > MostFeatures || listing.Features.Any(string.IsNullOrWhiteSpace)) yield return new(FeaturesField, $"{listing.Features.Count} features; wanted: {FewestFeatures} to {MostFeatures}, none of them empty");
        if (Repeats(listing.Features)) yield return new(FeaturesField, "the features repeat themselves");
        if (listing.Seo.Title.Trim().Length is 0 or > LongestSeoTitle) yield return Length(SeoTitleField, listing.Seo.Title.Length, LongestSeoTitle);
        if (listing.Seo.MetaDescription.Trim().Length is 0 or > LongestMeta) yield return Length(MetaField, listing.Seo.MetaDescription.Length, LongestMeta);
        if (listing.Seo.Slug.Length > LongestSlug || !SlugForm().IsMatch(listing.Seo.Slug)) yield return new(SlugField, $"'{listing.Seo.Slug}' is not lower case words with hyphens, at most {LongestSlug} characters");
        if (listing.Seo.Keywords.Count is < FewestKeywords or > MostKeywords) yield return new(KeywordsField, $"{listing.Seo.Keywords.Count} keywords; wanted: {FewestKeywords} to {MostKeywords}");
        if (Repeats(listing.Seo.Keywords)) yield return new(KeywordsField, "the keywords repeat themselves");
    }

    private static Objection Length(string field, int length, int most) => new(field, $"{length} characters; wanted: 1 to {most}");

    private static bool Repeats(IReadOnlyList<string> texts) => texts.Select(text => text.Trim().ToLowerInvariant()).Distinct().Count() < texts.Count;

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex SlugForm();
}
