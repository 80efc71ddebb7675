using Empire.Autopilot.Catalogue;
using Empire.Autopilot.Ranking;
using FsCheck.Fluent;

namespace Empire.Autopilot.Tests.Ranking;

public sealed class CompositeScoreTests
{
    private static readonly RankingOptions Weights = new();

    [Fact]
    public void The_product_that_is_best_in_everything_scores_100_and_the_worst_0()
    {
        var ranked = CompositeScore.Rank([Make("bad", trend: 10, price: 10, rate: 0.01m, conversion: 0.01m, competition: 90),
            Make("good", trend: 90, price: 100, rate: 0.1m, conversion: 0.1m, competition: 10)], Weights);
        Assert.Equal([("good", 1, 100.0), ("bad", 2, 0.0)], ranked.Select(r => (r.Product.ExternalId, r.Rank, r.Score)));
    }

    [Fact]
    public void An_unknown_value_counts_as_average_and_marks_the_product_partial()
    {
        var ranked = CompositeScore.Rank([Make("a", trend: null), Make("b"), Make("c")], Weights);
        var unknown = ranked.Single(r => r.Product.ExternalId == "a");
        Assert.True(unknown.Partial);
        Assert.Equal(0.5, unknown.Components.Trend);
        Assert.All(ranked.Where(r => r.Product.ExternalId != "a"), r => Assert.False(r.Partial));
    }

    [Fact]
    public void A_rising_trend_never_lowers_the_rank()
    {
        var property = Prop.ForAll(ArbMap.Default.ArbFor<(byte[] Trends, byte Which, byte Rise)>(), sample =>
        {
            var trends = sample.Trends.Append((byte)7).Append((byte)50).Select(t => t % 90).ToArray();
            var which = sample.Which % trends.Length;
            var before = RankOf(trends, which);
            trends[which] += sample.Rise % 10;
            return RankOf(trends, which) <= before;
        });
        FsCheck.Check.QuickThrowOnFailure(property);
    }

    [Fact]
    public void The_order_of_the_catalogue_does_not_change_the_ranking()
    {
        Product[] products = [.. Enumerable.Range(0, 40).Select(i => Make($"p{i:00}", trend: i * 7 % 5, price: 10 + (i % 3)))];
        var forwards = CompositeScore.Rank(products, Weights).Select(r => r.Product.ExternalId);
        Assert.Equal(forwards, CompositeScore.Rank([.. products.Reverse()], Weights).Select(r => r.Product.ExternalId));
    }

    private static int RankOf(int[] trends, int which) =>
        CompositeScore.Rank([.. trends.Select((trend, i) => Make($"p{i:000}", trend: trend))], Weights).Single(r => r.Product.ExternalId == $"p{which:000}").Rank;

    private static Product Make(
        string id, decimal? trend = 50, decimal price = 20, decimal rate = 0.05m, decimal? conversion = 0.02m, decimal? competition = 50) => new()
        {
            Id = Guid.CreateVersion7(), Network = "harbor", ExternalId = id, PriceMicros = (long)(price * Money.MicrosPerUnit), Currency = Currency.Usd,
            Trend = trend, CommissionRate = rate, ConversionRate = conversion, Competition = competition,
        };
}
