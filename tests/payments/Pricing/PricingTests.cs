using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Empire.Payments.Pricing;

namespace Empire.Payments.Tests.Pricing;

/// <summary>PAY-18: a price that can be checked by hand, or none.</summary>
public sealed class PricingTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    [Theory]
    [InlineData("/api/v1/revenue/optimize/pricing")]
    [InlineData("/api/ai/optimize-pricing")]
    public async Task Too_little_data_keeps_the_price_and_promises_nothing(string path)
    {
        var answer = await PostAsync(path, new { product_name = "Professional Plan", current_price = 297.00m });
        Assert.Equal((297.00m, 0m, "none"), (answer["recommended_price"]!.GetValue<decimal>(), answer["expected_impact"]!["revenue_change_percent"]!.GetValue<decimal>(), answer["confidence"]!.GetValue<string>()));
    }

    [Fact]
    public async Task An_observed_straight_demand_gives_the_top_of_its_parabola()
    {
        // share = 0.5 - price / 400: revenue per offer is most at 100, where it is 25; at 150 it is 18.75.
        var answer = await PostAsync("/api/v1/revenue/optimize/pricing", new
        {
            product_name = "Anything", current_price = 150m,
            market_data = new[] { (50, 375), (100, 250), (150, 125), (190, 25) }.Select(point => new { price = point.Item1, offers = 1000, sales = point.Item2 }),
        });
        Assert.Equal((100m, 33.33m), (answer["recommended_price"]!.GetValue<decimal>(), answer["expected_impact"]!["revenue_change_percent"]!.GetValue<decimal>()));
    }

    [Fact]
    public void Demand_that_does_not_fall_recommends_nothing() =>
        Assert.Equal((80m, 0m), Of(DemandCurve.Advise(80, [new(50, 100, 10), new(80, 100, 20), new(100, 100, 30)])));

    [Fact]
    public void The_answer_stays_within_half_and_twice_the_price() =>
        Assert.InRange(DemandCurve.Advise(20, [new(10, 1000, 500), new(20, 1000, 495), new(30, 1000, 490)]).RecommendedPrice, 10, 40);

    [Fact]
    public async Task A_price_below_zero_is_refused()
    {
        using var client = app.OwnerClient();
        using var answer = await client.PostAsJsonAsync("/api/v1/revenue/optimize/pricing", new { product_name = "x", current_price = -1 });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("current_price", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static (decimal, decimal) Of(PriceAdvice advice) => (advice.RecommendedPrice, advice.RevenueChangePercent);

    private async Task<JsonObject> PostAsync(string path, object body)
    {
        using var client = app.OwnerClient();
        using var answer = await client.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!.AsObject();
    }
}
