namespace Empire.Content.Pieces;

/// <summary>A product as the catalogue showed it when the piece was asked for. What the piece says must hold against this, whatever the price does later.</summary>
/// <param name="Price">In <paramref name="Currency"/>; null when the network does not tell.</param>
/// <param name="Rating">0 to 5; 0 when unknown.</param>
public sealed record ProductSnapshot(
    Guid Id, string Name, string Brand, string Niche, string Network, decimal? Price, string? Currency, string Description, IReadOnlyList<string> Features,
    double Rating, int ReviewCount, string Url, string ImageUrl);
