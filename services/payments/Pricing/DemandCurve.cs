namespace Empire.Payments.Pricing;

/// <summary>One price at which something was offered.</summary>
/// <param name="Offers">How often it was offered: checkouts begun.</param>
/// <param name="Sales">How often it was bought; at most <paramref name="Offers"/>.</param>
public sealed record PricePoint(decimal Price, long Offers, long Sales);

/// <summary>What a price would bring.</summary>
/// <param name="RevenueChangePercent">Of revenue per offer, against the current price; 0 where nothing is recommended.</param>
/// <param name="Confidence">none, low, medium or high.</param>
/// <param name="Because">For people.</param>
public sealed record PriceAdvice(decimal RecommendedPrice, decimal RevenueChangePercent, string Confidence, string Because);

/// <summary>Finds the price that brings most per offer. The share of offers that are bought is fitted as a straight line over price, by least squares weighted by the offers seen
/// at each price; revenue per offer is then price × share, a parabola whose top is the answer, held within bounds. With too little data, or demand that does not fall as the
/// price rises, nothing is recommended: the current price, impact 0.</summary>
/// <remarks>Method in docs/decisions/0106. Decimal throughout: the same data gives the same price on every machine.</remarks>
public static class DemandCurve
{
    /// <summary>Fewer offers than this at a price say nothing about it.</summary>
    public const int LeastOffers = 30;

    /// <summary>Distinct prices that a line needs to be more than a guess.</summary>
    public const int LeastPrices = 3;

    /// <summary>No further from the current price than this: the line is trusted near what was seen.</summary>
    public const decimal LowestShare = 0.5m, HighestShare = 2m;

    /// <summary>Of a share; less of it is nothing that a line can tell.</summary>
    private const int ShareDecimals = 9;

    /// <param name="step">The smallest difference of two prices that can be charged: 0.01, or 1 for a currency without decimals.</param>
    /// <exception cref="ArgumentOutOfRangeException">The current price or the step is not positive.</exception>
    public static PriceAdvice Advise(decimal current, IEnumerable<PricePoint> observed, decimal step = 0.01m)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(current);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        var points = observed.Where(point => point.Offers >= LeastOffers && point.Price > 0).OrderBy(point => point.Price).ToList();
        if (points.Count < LeastPrices) return Keep(current, $"Only {points.Count} prices were offered at least {LeastOffers} times; {LeastPrices} are needed.");
        decimal weight = points.Sum(point => (decimal)point.Offers), meanPrice = points.Sum(point => point.Offers * point.Price) / weight, meanShare = points.Sum(point => (decimal)point.Sales) / weight;
        // By each price's part of the offers: what is summed stays small, however many they are.
        var spread = points.Sum(point => point.Offers / weight * (point.Price - meanPrice) * (point.Price - meanPrice));
        if (spread == 0) return Keep(current, "The prices that were offered are too close together to tell anything.");
        var slope = points.Sum(point => point.Offers / weight * (point.Price - meanPrice) * ((decimal)point.Sales / point.Offers - meanShare)) / spread;
        if (slope >= 0) return Keep(current, "Demand does not fall as the price rises in what was seen, so no best price can be told from it.");
        var intercept = meanShare - slope * meanPrice;
        var (lowest, highest) = (Math.Max(current, points[0].Price) * LowestShare, Math.Min(current, points[^1].Price) * HighestShare);
        if (lowest > highest) return Keep(current, $"What was seen, from {points[0].Price} to {points[^1].Price}, is too far from the current price.");
        var best = decimal.Round(Math.Clamp(-intercept / (2 * slope), lowest, highest) / step, MidpointRounding.ToEven) * step;
        if (best < lowest) best += step;
        if (best > highest) best -= step;
        if (best < lowest) return Keep(current, "No price that can be charged is within the bounds.");
        decimal Brings(decimal price) => price * Math.Clamp(decimal.Round(intercept + slope * price, ShareDecimals), 0, 1);
        if (Brings(current) <= 0 || Brings(best) <= Brings(current)) return Keep(current, "No price within the bounds brings more than the current one.");
        var change = decimal.Round((Brings(best) / Brings(current) - 1) * 100, 2, MidpointRounding.ToEven);
        return new(best, change, points.Count >= 5 && weight >= 1000 ? "high" : weight >= 300 ? "medium" : "low", $"From {points.Count} prices and {weight:0} offers: each unit of price loses {decimal.Round(-slope * 100, 3)} points of the buyers.");
    }

    private static PriceAdvice Keep(decimal current, string because) => new(current, 0, "none", because);
}
