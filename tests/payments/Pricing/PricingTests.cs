using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Empire.Payments.Pricing;

namespace Empire.Payments.Tests.Pricing;

/// <summary>PAY-18: a price that can be checked by hand, or none.</summary>
public sealed class PricingTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    private const string Optimize = "/api/v1/revenue/optimize/pricing";

    [Theory]
    [InlineData(Optimize)]
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

    [Theory]
    [InlineData(297)]
    [InlineData(8)]
    public async Task What_was_seen_far_from_the_current_price_says_nothing_of_it(int current)
    {
        var answer = await PostAsync(Optimize, new { product_name = "x", current_price = current, market_data = new[] { (35, 40), (40, 35), (45, 30) }.Select(point => new { price = point.Item1, offers = 400, sales = point.Item2 }) });
        Assert.Equal((current, 0m, "none"), (answer["recommended_price"]!.GetValue<decimal>(), answer["expected_impact"]!["revenue_change_percent"]!.GetValue<decimal>(), answer["confidence"]!.GetValue<string>()));
        Assert.Contains("too far", answer["reasoning"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_many_offers_as_may_be_told_are_counted_at_any_price()
    {
        // 900 times the most offers at three prices as far apart as prices may be.
        var answer = await PostAsync(Optimize, new
        {
            product_name = "x", current_price = 500_000_000m,
            market_data = Enumerable.Range(0, 900).Select(number => new { price = new[] { 1m, 500_000_000m, 1_000_000_000m }[number % 3], offers = 1_000_000_000, sales = new[] { 900_000_000, 450_000_000, 1 }[number % 3] }),
        });
        Assert.Equal([300_000_000_000L, 300_000_000_000L, 300_000_000_000L], answer["observed"]!.AsArray().Select(point => point!["offers"]!.GetValue<long>()));
        Assert.InRange(answer["recommended_price"]!.GetValue<decimal>(), 250_000_000m, 1_000_000_000m);
    }

    [Fact]
    public async Task Prices_that_nobody_could_tell_apart_recommend_nothing()
    {
        const string market = """[{"price":1,"offers":400,"sales":40},{"price":1.0000000000000001,"offers":400,"sales":35},{"price":1.0000000000000002,"offers":400,"sales":30}]""";
        var answer = await PostAsync(Optimize, JsonNode.Parse($$"""{"product_name":"x","current_price":1,"market_data":{{market}}}""")!);
        Assert.Equal((1m, "none"), (answer["recommended_price"]!.GetValue<decimal>(), answer["confidence"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("JPY", "1234")]     // share = 0.5 - price / 4938: the top is at 1234.5
    [InlineData("USD", "1234.5")]
    public async Task A_price_is_one_that_the_currency_can_pay(string currency, string wanted)
    {
        var answer = await PostAsync(Optimize, new
        {
            product_name = "x", current_price = 2000, currency, market_data = new[] { 493.8m, 987.6m, 1481.4m, 1975.2m }.Select((price, at) => new { price, offers = 1000, sales = 400 - at * 100 }),
        });
        Assert.Equal(decimal.Parse(wanted, System.Globalization.CultureInfo.InvariantCulture), answer["recommended_price"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task What_was_sold_with_other_keys_is_no_demand()
    {
        var name = $"Course {Guid.CreateVersion7():N}";
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync())
            await Dapper.SqlMapper.ExecuteAsync(owner,
                """
                insert into payments (id, tenant_id, provider, purpose, amount_micros, currency, description, status, test, created_at, updated_at)
                select gen_random_uuid(), @tenant, 'stripe', 'sale', 39000000, 'USD', @name, 'succeeded', n <= 2, now(), now() from generate_series(1, 5) as n
                """, new { tenant = app.Tenant.Value, name });
        var answer = await PostAsync(Optimize, new { product_name = name, current_price = 39 });
        Assert.Equal(2, Assert.Single(answer["observed"]!.AsArray())!["offers"]!.GetValue<int>()); // our key is a test key
    }

    /// <summary>Of 199 that one pays with 49 of credit, one with a coupon of 49, and one as it is.</summary>
    [Fact]
    public async Task What_was_paid_from_credit_is_part_of_the_price_and_what_a_coupon_took_off_is_not()
    {
        var name = $"Tier {Guid.CreateVersion7():N}";
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync())
            await Dapper.SqlMapper.ExecuteAsync(owner,
                """
                insert into payments (id, tenant_id, provider, purpose, amount_micros, credit_micros, discount_micros, currency, description, status, test, created_at, updated_at)
                select gen_random_uuid(), @tenant, 'stripe', 'sale', amount, credit, discount, 'USD', @name, 'succeeded', true, now(), now()
                from (values (199000000, 0, 0), (150000000, 49000000, 0), (150000000, 0, 49000000)) as sold (amount, credit, discount)
                """, new { tenant = app.Tenant.Value, name });
        var answer = await PostAsync(Optimize, new { product_name = name, current_price = 199 });
        Assert.Equal([(150m, 1), (199m, 2)], answer["observed"]!.AsArray().Select(point => (point!["price"]!.GetValue<decimal>(), point["offers"]!.GetValue<int>())));
    }

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
