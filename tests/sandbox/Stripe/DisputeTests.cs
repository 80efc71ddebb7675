using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Empire.Sandbox.Tests.Stripe;

public sealed class DisputeTests(SandboxApp app) : IClassFixture<SandboxApp>, IDisposable
{
    readonly StripeApi stripe = new(app);

    public void Dispose() => stripe.Dispose();

    static string Text(JsonNode item, string field) => item[field]!.ToString();

    async Task<JsonNode> DisputedAsync()
    {
        var paid = (await stripe.PayAsync(9700, "pm_card_createDispute")).Body;
        return Assert.Single((await stripe.GetAsync($"/disputes?payment_intent={Text(paid, "id")}"))["data"]!.AsArray())!;
    }

    async Task<HttpResponseMessage> ControlAsync(string path, object body)
    {
        using var client = app.Client();
        return await client.PostAsJsonAsync("/control/stripe/" + path, body);
    }

    [Fact]
    public async Task A_dispute_takes_the_money_and_fifteen_units()
    {
        await app.ResetAsync();
        var dispute = await DisputedAsync();
        var taken = Assert.Single(dispute["balance_transactions"]!.AsArray())!;
        Assert.Equal(("needs_response", "fraudulent", -9700, 1500, -11200), (Text(dispute, "status"), Text(dispute, "reason"),
            taken["amount"]!.GetValue<int>(), taken["fee"]!.GetValue<int>(), taken["net"]!.GetValue<int>()));
        Assert.True((await stripe.GetAsync($"/charges/{Text(dispute, "charge")}"))["disputed"]!.GetValue<bool>());
        Assert.Equal("charge_disputed", (await stripe.SendAsync("/refunds", ("charge", Text(dispute, "charge")))).Code);
        var events = (await stripe.GetAsync("/events"))["data"]!.AsArray().Select(e => Text(e!, "type")).Reverse();
        Assert.Equal(["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "charge.dispute.created", "charge.dispute.funds_withdrawn"], events);
    }

    [Theory]
    [InlineData("winning_evidence", "won", 2)]
    [InlineData("losing_evidence", "lost", 1)]
    [InlineData("It was them.", "under_review", 1)]
    public async Task Evidence_decides(string evidence, string status, int movements)
    {
        var dispute = await DisputedAsync();
        var answered = await stripe.PostAsync($"/disputes/{Text(dispute, "id")}", ("evidence[uncategorized_text]", evidence), ("evidence[customer_name]", "Ada"));
        Assert.Equal((status, 1, true), (Text(answered, "status"), answered["evidence_details"]!["submission_count"]!.GetValue<int>(), answered["evidence_details"]!["has_evidence"]!.GetValue<bool>()));
        Assert.Equal(movements, answered["balance_transactions"]!.AsArray().Count);
        if (status == "won") Assert.Equal(0, answered["balance_transactions"]!.AsArray().Sum(t => t!["net"]!.GetValue<int>()));
        Assert.Equal("dispute_closed", (await stripe.SendAsync($"/disputes/{Text(dispute, "id")}", ("evidence[uncategorized_text]", "more"))).Code);
    }

    [Fact]
    public async Task Evidence_may_be_laid_aside_before_it_is_submitted()
    {
        var dispute = await DisputedAsync();
        var staged = await stripe.PostAsync($"/disputes/{Text(dispute, "id")}", ("evidence[uncategorized_text]", "winning_evidence"), ("submit", false));
        Assert.Equal(("needs_response", 0), (Text(staged, "status"), staged["evidence_details"]!["submission_count"]!.GetValue<int>()));
        Assert.Equal("won", Text(await stripe.PostAsync($"/disputes/{Text(dispute, "id")}", ("evidence[customer_name]", "Ada")), "status"));
    }

    [Fact]
    public async Task The_control_side_opens_and_closes_disputes()
    {
        var charge = Text((await stripe.PayAsync(5000)).Body, "latest_charge");
        using var opened = await ControlAsync("disputes", new { charge, reason = "duplicate", amount = 2000 });
        var dispute = (await opened.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal(("duplicate", 2000), (Text(dispute, "reason"), dispute["amount"]!.GetValue<int>()));
        using var closed = await ControlAsync($"disputes/{Text(dispute, "id")}/close", new { status = "won" });
        Assert.Equal("won", Text((await closed.Content.ReadFromJsonAsync<JsonObject>())!, "status"));
        Assert.Equal(HttpStatusCode.BadRequest, (await ControlAsync($"disputes/{Text(dispute, "id")}/close", new { status = "lost" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await ControlAsync("disputes", new { charge, amount = 2000 })).StatusCode);
        await stripe.PostAsync("/refunds", ("charge", charge)); // won: it can be refunded again
    }

    [Fact]
    public async Task A_conceded_dispute_is_lost()
    {
        var dispute = await DisputedAsync();
        Assert.Equal("lost", Text(await stripe.PostAsync($"/disputes/{Text(dispute, "id")}/close"), "status"));
        Assert.Equal("dispute_closed", (await stripe.SendAsync($"/disputes/{Text(dispute, "id")}/close")).Code);
    }
}
