using System.Text.Json.Serialization;

namespace Empire.Publishing.Products;

/// <summary>How content wrote that a product is offered.</summary>
/// <param name="Price">In the currency that was asked for.</param>
public sealed record Listing(string Title, string Description, string ProductType, decimal Price, IReadOnlyList<string> Features, ProductSeo Seo)
{
    [JsonIgnore] public Guid PieceId { get; init; }
    [JsonIgnore] public string PromptVersion { get; init; } = "";
    [JsonIgnore] public bool Test { get; init; }
}

/// <summary>What content proposes for a listing.</summary>
public sealed record ListingReview(string Summary, IReadOnlyList<ListingReview.Change> Changes)
{
    /// <param name="Field">title, description, price, features, seo_title, meta_description, slug or keywords.</param>
    /// <param name="To">The new value as text: a price as a plain number, a list one entry a line.</param>
    public sealed record Change(string Field, string To, string Reason);

    [JsonIgnore] public Guid PieceId { get; init; }
    [JsonIgnore] public string PromptVersion { get; init; } = "";
}
