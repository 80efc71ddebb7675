using System.ComponentModel.DataAnnotations;
using Empire.Autopilot.Catalogue;

namespace Empire.Autopilot.Ranking;

/// <summary>Section "Autopilot:Ranking": what each component weighs. They need not sum to 1.</summary>
public sealed class RankingOptions
{
    [Range(0.0, 1.0)] public double Trend { get; init; } = 0.3;
    [Range(0.0, 1.0)] public double Commission { get; init; } = 0.25;
    [Range(0.0, 1.0)] public double Conversion { get; init; } = 0.2;
    [Range(0.0, 1.0)] public double Price { get; init; } = 0.15;
    [Range(0.0, 1.0)] public double Competition { get; init; } = 0.1;
}

/// <param name="Score">0-100, four decimals.</param>
/// <param name="Components">Each 0-1, before its weight.</param>
/// <param name="Partial">Something about the product is unknown and counted as average.</param>
public sealed record RankedProduct(Product Product, int Rank, double Score, ScoreComponents Components, bool Partial);

public sealed record ScoreComponents(double Trend, double Commission, double Conversion, double Price, double Competition);

/// <summary>Orders candidates by what they may earn. Each component is the product's standing among the candidates (the share it is better than), so that
/// percentages, prices and trend points weigh alike; an unknown value counts as average.</summary>
public static class CompositeScore
{
    /// <returns>Best first; equal scores in the order of network and external id, so that the same catalogue always ranks the same.</returns>
    public static IReadOnlyList<RankedProduct> Rank(IReadOnlyList<Product> products, RankingOptions weights)
    {
        var trend = Standing(products, p => p.Trend);
        var commission = Standing(products, p => p.CommissionRate * p.PriceMicros);   // what one sale brings, not the bare rate
        var conversion = Standing(products, p => p.ConversionRate);
        var price = Standing(products, p => p.PriceMicros);
        var competition = Standing(products, p => -p.Competition);                    // the fewer rivals the better
        var total = weights.Trend + weights.Commission + weights.Conversion + weights.Price + weights.Competition;
        return [.. products
            .Select((product, i) =>
            {
                var parts = new ScoreComponents(trend[i], commission[i], conversion[i], price[i], competition[i]);
                var sum = (weights.Trend * parts.Trend) + (weights.Commission * parts.Commission) + (weights.Conversion * parts.Conversion)
                    + (weights.Price * parts.Price) + (weights.Competition * parts.Competition);
                var partial = product.Trend is null || product.ConversionRate is null || product.Competition is null;
                return (product, score: total > 0 ? Math.Round(100 * sum / total, 4) : 0, parts, partial);
            })
            .OrderByDescending(row => row.score)
            .ThenBy(row => row.product.Network, StringComparer.Ordinal).ThenBy(row => row.product.ExternalId, StringComparer.Ordinal)
            .Select((row, index) => new RankedProduct(row.product, index + 1, row.score, row.parts, row.partial))];
    }

    /// <summary>The share of the other candidates with a known value that each is better than, ties counting half; 0.5 for the unknown.</summary>
    private static double[] Standing(IReadOnlyList<Product> products, Func<Product, decimal?> value)
    {
        var known = products.Select(value).OfType<decimal>().Order().ToArray();
        return [.. products.Select(product => value(product) is { } v && known.Length > 1 ? Share(known, v) : 0.5)];
    }

    private static double Share(decimal[] sorted, decimal value)
    {
        var below = LowerBound(sorted, value);
        var equal = LowerBound(sorted, value, includeEqual: true) - below - 1;   // not counting itself
        return Math.Round((below + (equal / 2.0)) / (sorted.Length - 1), 4);
    }

    private static int LowerBound(decimal[] sorted, decimal value, bool includeEqual = false)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < value || (includeEqual && sorted[middle] == value)) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
