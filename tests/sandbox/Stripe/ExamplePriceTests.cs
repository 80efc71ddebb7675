namespace Empire.Sandbox.Tests.Stripe;

/// <summary>What the API document's examples name is there from the start, and again after a reset.</summary>
public sealed class ExamplePriceTests(SandboxApp app) : IClassFixture<SandboxApp>
{
    [Theory]
    [InlineData("price_coffee_monthly", "month", 1200)]
    [InlineData("price_coffee_yearly", "year", 12_000)]
    public async Task The_prices_of_the_examples_can_be_subscribed_to(string id, string interval, long amount)
    {
        using var stripe = new StripeApi(app);
        for (var world = 0; world < 2; world++)
        {
            var price = await stripe.GetAsync($"/prices/{id}");
            Assert.Equal((interval, amount, "usd", true), (price["recurring"]!["interval"]!.ToString(), price["unit_amount"]!.GetValue<long>(), price["currency"]!.ToString(), price["active"]!.GetValue<bool>()));
            Assert.Equal("Coffee", (await stripe.GetAsync($"/products/{price["product"]}"))["name"]!.ToString());
            var customer = await stripe.PostAsync("/customers", ("email", "ada@example.com"));
            var subscription = await stripe.PostAsync("/subscriptions", ("customer", customer["id"]!), ("items[0][price]", id), ("trial_period_days", 14));
            Assert.Equal("trialing", subscription["status"]!.ToString());
            await app.ResetAsync();
        }
    }

    [Fact]
    public async Task What_somebody_altered_stays_as_it_is()
    {
        using var stripe = new StripeApi(app);
        await app.ResetAsync();
        await stripe.PostAsync("/prices/price_coffee_yearly", ("nickname", "by the year"));
        Assert.Equal("by the year", (await stripe.GetAsync("/prices/price_coffee_yearly"))["nickname"]!.ToString());
    }
}
