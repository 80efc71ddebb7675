using System.Text.Json;

namespace Empire.Content.Pieces;

/// <summary>What a model is told about one piece, fixed when the piece is asked for: <c>{"task": …, "brief": {…}}</c>.</summary>
/// <param name="Json">As it is stored and sent.</param>
/// <param name="ProductId">Null for a piece about no product.</param>
public sealed record Brief(string Json, Guid? ProductId)
{
    /// <summary>Where the piece belongs when it is about no product of the catalogue; null leaves it to the product.</summary>
    public string? Niche { get; init; }

    /// <param name="facts">A record of the kind's own; its names become snake_case.</param>
    public static Brief Of<TFacts>(string task, TFacts facts, Guid? productId) =>
        new(JsonSerializer.Serialize(new Envelope<TFacts>(task, facts), PieceJson.Options), productId);

    public TFacts Read<TFacts>() => JsonSerializer.Deserialize<Envelope<TFacts>>(Json, PieceJson.Options)!.Brief;

    private sealed record Envelope<TFacts>(string Task, TFacts Brief);
}

/// <summary>The facts for a piece about a product: a blog post, a script, a social post.</summary>
/// <param name="Language">ISO 639-1.</param>
/// <param name="Words">Wanted length; null where the kind has none.</param>
public sealed record ProductBrief(ProductBrief.About Product, string Audience, IReadOnlyList<string> Keywords, string Language, int? Words)
{
    public sealed record About(
        Guid Id, string Name, string Brand, string Niche, decimal? Price, string? Currency, string Description, IReadOnlyList<string> Features, double Rating, int ReviewCount)
    {
        public static About Of(ProductSnapshot product) => new(
            product.Id, product.Name, product.Brand, product.Niche, product.Price, product.Currency, product.Description, product.Features, product.Rating, product.ReviewCount);
    }

    public static ProductBrief Of(ProductSnapshot product, string? audience, int? words = null) => new(
        About.Of(product), string.IsNullOrWhiteSpace(audience) ? $"people who compare {product.Niche} products before they buy" : audience, KeywordsFor(product), "en", words);

    private static string[] KeywordsFor(ProductSnapshot product) =>
        [.. ((string[])[product.Name, $"{product.Name} review", $"best {product.Niche}", $"{product.Brand} {product.Niche}"]).Select(word => word.ToLowerInvariant().Trim()).Distinct()];
}
