using System.Net;
using Empire.Payments.Tests.Outside;

namespace Empire.Payments.Tests.Charges;

/// <summary>The answer of a call against the webhook of what it did, and calls against each other: one charge, booked once.</summary>
public sealed class RaceTests(MarketApp app) : IClassFixture<MarketApp>
{
    private const string Payments = "/api/v1/revenue/payments";

    [Fact]
    public async Task A_webhook_that_overtakes_the_answer_of_its_confirmation_books_it_and_the_answer_changes_nothing()
    {
        var (customer, id) = await DeclinedAsync();
        await app.Sandbox.ArmAsync("stripe", "late", "/confirm", method: "POST", latencyMs: 3000);
        var confirming = app.PostAsync($"{Payments}/{id}/confirm", new { payment_method = "pm_card_visa" });
        await app.BookedAsync(id);
        Assert.Equal("succeeded", await app.StatusAsync(MarketApp.IdOf(id)));
        Assert.NotEqual("succeeded", await EffectAsync(id));                       // Stripe has not answered yet
        var (status, paid) = await confirming;
        Assert.Equal((HttpStatusCode.Created, "succeeded"), (status, paid["status"]!.GetValue<string>()));
        await ChargedOnceAsync(customer, id);
    }

    [Fact]
    public async Task A_webhook_that_overtakes_the_answer_of_its_charge_books_it_and_the_answer_changes_nothing()
    {
        var customer = await app.CustomerAsync();
        await app.Sandbox.ArmAsync("stripe", "late", "/payment_intents", method: "POST", latencyMs: 1500);
        var (status, paid) = await app.PostAsync(Payments, new { customer_id = customer, amount = 14 });
        Assert.Equal((HttpStatusCode.Created, "succeeded"), (status, paid["status"]!.GetValue<string>()));
        var id = paid["payment_id"]!.GetValue<string>();
        await app.BookedAsync(id);
        await ChargedOnceAsync(customer, id);
    }

    [Fact]
    public async Task Of_four_confirmations_at_once_one_charges()
    {
        var (customer, id) = await DeclinedAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.PostAsync($"{Payments}/{id}/confirm", new { payment_method = "pm_card_visa" })));
        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.Created or HttpStatusCode.Accepted or HttpStatusCode.Conflict, answer.Body.ToJsonString()));
        await app.BookedAsync(id);
        await ChargedOnceAsync(customer, id);
    }

    private async Task<(string Customer, string Payment)> DeclinedAsync()
    {
        var customer = await app.CustomerAsync(method: null);
        var (_, declined) = await app.PostAsync(Payments, new { customer_id = customer, amount = 97, payment_method = "pm_card_chargeDeclined" });
        return (customer, declined["payment_id"]!.GetValue<string>());
    }

    private async Task<string?> EffectAsync(string payment) =>
        await app.ReadAsync<string>("select state from kernel.effects where kind = 'payments.stripe-confirm' and intent ->> 'payment_id' = @id", new { id = MarketApp.IdOf(payment).ToString() });

    private async Task ChargedOnceAsync(string customer, string payment)
    {
        Assert.Equal(["captured", "fee"], (await app.CausesAsync(MarketApp.IdOf(payment))).Select(cause => cause.Split(':')[^1]).Order());
        var reference = await app.ReadAsync<string>("select stripe_id from customers where id = @id", new { id = MarketApp.IdOf(customer) });
        Assert.Single(await app.Sandbox.AllAsync("stripe/charges"), charge => charge["customer"]?.GetValue<string>() == reference && charge["status"]!.GetValue<string>() == "succeeded");
    }
}
