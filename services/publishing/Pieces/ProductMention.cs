namespace Empire.Publishing.Pieces;

/// <summary>The product a piece is about, as it was when the piece was published.</summary>
/// <param name="Url">The network's affiliate address. Readers never see it: they follow the tracked link.</param>
/// <param name="Price">Null, as <paramref name="Currency"/> is, when the network names none.</param>
/// <param name="Rating">The merchant's figure, 0 to 5; 0 when unknown.</param>
public sealed record ProductMention(
    Guid Id, string Name, string Brand, string Niche, string Network, decimal? Price, string? Currency, string Description, IReadOnlyList<string> Features,
    double Rating, int ReviewCount, string Url, string? ImageUrl);
