using System.Net;
using System.Text.Json.Nodes;
using Empire.Payments.Intake;
using Empire.Payments.Tests.Outside;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Payments.Tests.Charges;

/// <summary>What goes wrong between us and a provider: nothing is charged twice, nothing that was charged is lost.</summary>
public sealed class FaultTests(MarketApp app) : IClassFixture<MarketApp>
{
    private const string Payments = "/api/v1/revenue/payments";

    [Theory]
    [InlineData("cut_after")]
    [InlineData("cut_before")]
    [InlineData("500")]
    [InlineData("429")]
    [InlineData("malformed")]
    public async Task A_charge_whose_answer_was_lost_is_charged_once_and_found(string fault)
    {
        var customer = await app.CustomerAsync();
        var before = (await app.Sandbox.AllAsync("stripe/charges")).Count;
        await app.Sandbox.ArmAsync("stripe", fault, "/payment_intents", count: 1, method: "POST");
        var (status, payment) = await app.PostAsync(Payments, new { customer_id = customer, amount = 44 });
        Assert.True(status is HttpStatusCode.Created or HttpStatusCode.Accepted, payment.ToJsonString());
        await Eventually.EqualAsync("succeeded", () => app.StatusAsync(MarketApp.IdOf(payment["payment_id"]!.GetValue<string>())));
        await app.BookedAsync(payment["payment_id"]!.GetValue<string>());
        Assert.Equal(before + 1, (await app.Sandbox.AllAsync("stripe/charges")).Count);
    }

    [Theory]
    [InlineData("duplicate")]
    [InlineData("reorder")]
    [InlineData("latency")]
    public async Task Webhooks_that_come_twice_late_or_out_of_order_change_nothing(string fault)
    {
        if (fault == "latency") await ArmLatencyAsync();
        else await app.Sandbox.ArmAsync("stripe-webhook", fault, count: 2);
        var payment = await app.PaidAsync(21);
        Assert.Equal(["captured", "fee"], (await app.CausesAsync(MarketApp.IdOf(payment["payment_id"]!.GetValue<string>()))).Select(cause => cause.Split(':')[^1]).Order());
    }

    [Fact]
    public async Task Webhooks_that_never_come_are_healed_from_the_providers_list()
    {
        await app.Sandbox.ArmAsync("stripe-webhook", "drop", count: 1000);
        var (_, payment) = await app.PostAsync(Payments, new { customer_id = await app.CustomerAsync(), amount = 33 });
        var id = MarketApp.IdOf(payment["payment_id"]!.GetValue<string>());
        Assert.Equal("succeeded", payment["status"]!.GetValue<string>());
        Assert.Empty(await app.CausesAsync(id));
        await app.Sandbox.DisarmAsync();
        Assert.True(await app.Services.GetRequiredService<Reconciler>().ReconcileAsync(CancellationToken.None) > 0);
        await app.BookedAsync(payment["payment_id"]!.GetValue<string>());
        Assert.Equal(0, await app.Services.GetRequiredService<Reconciler>().ReconcileAsync(CancellationToken.None));
    }

    private async Task ArmLatencyAsync()
    {
        using var response = await app.Sandbox.Http.PostAsync("/control/faults", new StringContent(
            new JsonObject { ["match"] = new JsonObject { ["provider"] = "stripe-webhook" }, ["kind"] = "latency", ["latency_ms"] = 150, ["count"] = 2 }.ToJsonString(), System.Text.Encoding.UTF8, "application/json"));
        response.EnsureSuccessStatusCode();
    }
}
