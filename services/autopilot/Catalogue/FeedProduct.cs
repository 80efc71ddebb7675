namespace Empire.Autopilot.Catalogue;

/// <summary>A product as a source states it, checked, before it has a place in the catalogue.</summary>
/// <param name="ExternalId">The source's own id; unique within it.</param>
/// <param name="Price">What the buyer pays.</param>
/// <param name="Url">The source's affiliate address, absolute http or https.</param>
/// <param name="Rating">0-5; null when unknown.</param>
/// <param name="CommissionRate">Our share of the price, 0-1.</param>
/// <param name="ConversionRate">Share of clicks that buy, 0-1; null when unknown.</param>
/// <param name="Trend">Interest now, 0-100; null when unknown.</param>
/// <param name="Competition">How many others advertise it, 0-100; null when unknown.</param>
public sealed record FeedProduct(
    string ExternalId, string Name, string Brand, string Niche, Money Price, string Url, string? ImageUrl, string Description, IReadOnlyList<string> Features,
    decimal? Rating, int ReviewCount, decimal CommissionRate, decimal? ConversionRate, decimal? Trend, decimal? Competition, bool InStock = true);
