using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Empire.Sandbox.Tests.Stripe;

/// <summary>An account whose balance is kept in one currency.</summary>
public sealed class SettlementTests(SandboxApp app) : IClassFixture<SandboxApp>, IDisposable
{
    static readonly Lazy<Schemas?> Description = new(() => Schemas.Load("stripe/spec3.2023-09-12.yaml"));

    readonly StripeApi stripe = new(app);

    public void Dispose() => stripe.Dispose();

    static string Text(JsonNode item, string field) => item[field]!.ToString();

    async Task<HttpStatusCode> SettleAsync(string? currency, Dictionary<string, decimal>? rates = null)
    {
        using var client = app.Client();
        using var answer = await client.PutAsJsonAsync("/control/stripe/settlement", new { currency, rates });
        return answer.StatusCode;
    }

    [Fact]
    public async Task Charge_refund_and_dispute_are_changed_at_the_rate_of_their_own_time()
    {
        await app.ResetAsync();
        Assert.Equal(HttpStatusCode.NoContent, await SettleAsync("usd", new() { ["eur"] = 1.10m }));
        var paid = (await stripe.PayAsync(10_000, currency: "eur")).Body;
        await SettleAsync("usd", new() { ["eur"] = 1.20m });
        var refund = await stripe.PostAsync("/refunds", ("payment_intent", Text(paid, "id")), ("amount", 4000));
        await SettleAsync("usd", new() { ["eur"] = 1.25m });
        using var client = app.Client();
        (await client.PostAsJsonAsync("/control/stripe/disputes", new { charge = Text(paid, "latest_charge") })).EnsureSuccessStatusCode();
        await SettleAsync("usd", new() { ["eur"] = 1.05m });
        var dispute = (await stripe.GetAsync("/disputes"))["data"]![0]!;
        (await client.PostAsJsonAsync($"/control/stripe/disputes/{Text(dispute, "id")}/close", new { status = "won" })).EnsureSuccessStatusCode();
        var moves = (await stripe.GetAsync("/balance_transactions?limit=10"))["data"]!.AsArray().Select(move => move!).Reverse().ToList();
        Assert.Equal([(11_000L, 352L, 1.10m), (-4_800, 0, 1.20m), (-7_500, 1500, 1.25m), (6_300, -1500, 1.05m)],
            moves.Select(move => (move["amount"]!.GetValue<long>(), move["fee"]!.GetValue<long>(), move["exchange_rate"]!.GetValue<decimal>())));
        Assert.All(moves, move => Assert.Equal("usd", Text(move, "currency")));
        Assert.Equal(("eur", 4000L), (Text(refund, "currency"), refund["amount"]!.GetValue<long>()));
        if (Description.Value is { } description) Assert.All(moves, move => Assert.Empty(description.Faults("balance_transaction", move)));
        // The account's own currency, and one of whose worth nothing is known, are settled in themselves.
        foreach (var own in (string[])["usd", "sek"])
        {
            var charge = await stripe.GetAsync($"/payment_intents/{Text((await stripe.PayAsync(5000, currency: own)).Body, "id")}?expand[]=latest_charge.balance_transaction");
            Assert.Equal((own, null), (Text(charge["latest_charge"]!["balance_transaction"]!, "currency"), charge["latest_charge"]!["balance_transaction"]!["exchange_rate"]));
        }
    }

    [Fact]
    public async Task Without_a_rate_from_outside_each_day_has_its_own_and_a_reset_ends_it()
    {
        await app.ResetAsync();
        await SettleAsync("usd");
        var start = TimeProvider.System.GetUtcNow().AddMonths(-3);
        var clock = Text(await stripe.PostAsync("/test_helpers/test_clocks", ("frozen_time", start.ToUnixTimeSeconds())), "id");
        var customer = Text(await stripe.PostAsync("/customers", ("test_clock", clock)), "id");
        var card = Text(await stripe.PostAsync("/payment_methods/pm_card_visa/attach", ("customer", customer)), "id");
        var price = Text(await stripe.PostAsync("/prices", ("currency", "eur"), ("unit_amount", 1_000_000), ("recurring[interval]", "month"), ("product_data[name]", "Guide")), "id");
        await stripe.PostAsync("/subscriptions", ("customer", customer), ("items[0][price]", price), ("default_payment_method", card));
        await stripe.PostAsync($"/test_helpers/test_clocks/{clock}/advance", ("frozen_time", start.AddMonths(2).ToUnixTimeSeconds()));
        var rates = (await stripe.GetAsync("/balance_transactions"))["data"]!.AsArray().Select(move => move!["exchange_rate"]!.GetValue<decimal>()).ToList();
        Assert.Equal(3, rates.Distinct().Count());
        Assert.All(rates, rate => Assert.InRange(rate, 1.04m, 1.12m));
        await app.ResetAsync();
        await stripe.PayAsync(5000, currency: "eur");
        Assert.Equal("eur", Text((await stripe.GetAsync("/balance_transactions"))["data"]![0]!, "currency"));
    }

    [Theory]
    [InlineData("xyz", 1.1)]
    [InlineData("usd", 0)]
    [InlineData("usd", -1)]
    public async Task What_makes_no_sense_is_refused(string currency, double rate) => Assert.Equal(HttpStatusCode.BadRequest, await SettleAsync(currency, new() { ["eur"] = (decimal)rate }));
}
