using System.Net;
using Empire.Payments.Tests.Outside;
using Empire.Testing;

namespace Empire.Payments.Tests.Refunds;

/// <summary>PAY-06: money given back.</summary>
public sealed class RefundTests(MarketApp app) : IClassFixture<MarketApp>
{
    [Fact]
    public async Task Thirty_of_ninety_seven_leaves_sixty_seven_and_one_more_is_refused()
    {
        var id = (await app.PaidAsync(97))["payment_id"]!.GetValue<string>();
        var before = await app.BalanceAsync("revenue:refunds");
        var (status, refund) = await app.PostAsync($"/api/v1/revenue/payments/{id}/refunds", new { amount = 30 });
        Assert.True(status == HttpStatusCode.Created, refund.ToJsonString());
        Assert.Equal(("succeeded", 30m, 67m), (refund["status"]!.GetValue<string>(), refund["amount"]!.GetValue<decimal>(), refund["refundable"]!.GetValue<decimal>()));
        await Eventually.EqualAsync(before + 30m, () => app.BalanceAsync("revenue:refunds"));
        var (over, why) = await app.PostAsync($"/api/v1/revenue/payments/{id}/refunds", new { amount = 68 });
        Assert.Equal((HttpStatusCode.Conflict, "REFUND_TOO_LARGE"), (over, why["code"]!.GetValue<string>()));
        Assert.Equal(HttpStatusCode.Created, (await app.PostAsync($"/api/v1/revenue/payments/{id}/refunds", new { })).Status); // all that is left
        Assert.Equal(0m, (await app.GetAsync($"/api/v1/revenue/payments/{id}"))["refundable"]!.GetValue<decimal>());
        Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync($"/api/v1/revenue/payments/{id}/refunds", new { })).Status);
    }

    [Fact]
    public async Task Two_refunds_at_once_never_give_back_more_than_was_paid()
    {
        var id = (await app.PaidAsync(50))["payment_id"]!.GetValue<string>();
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => app.PostAsync($"/api/v1/revenue/payments/{id}/refunds", new { amount = 20 })));
        Assert.Equal(2, answers.Count(answer => answer.Status == HttpStatusCode.Created));
        Assert.Equal(3, answers.Count(answer => answer.Status == HttpStatusCode.Conflict));
        var charge = await app.ReadAsync<string>("select charge_ref from payments where id = @id", new { id = MarketApp.IdOf(id) });
        Assert.Equal(4000, (await app.Sandbox.AllAsync("stripe/refunds")).Where(refund => refund["charge"]!.GetValue<string>() == charge).Sum(refund => refund["amount"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("cut_after")]
    [InlineData("cut_before")]
    [InlineData("500")]
    public async Task A_refund_whose_answer_was_lost_is_found_and_given_once(string fault)
    {
        var id = (await app.PaidAsync(40))["payment_id"]!.GetValue<string>();
        var before = (await app.Sandbox.AllAsync("stripe/refunds")).Count;
        await app.Sandbox.ArmAsync("stripe", fault, "/refunds", method: "POST");
        var (status, answer) = await app.PostAsync($"/api/v1/revenue/payments/{id}/refunds", new { amount = 15 });
        Assert.True(status is HttpStatusCode.Created or HttpStatusCode.Accepted, answer.ToJsonString());
        await Eventually.EqualAsync("succeeded", () => app.ReadAsync<string>("select status from refunds where payment_id = @id", new { id = MarketApp.IdOf(id) }));
        Assert.Equal(before + 1, (await app.Sandbox.AllAsync("stripe/refunds")).Count);
    }

    [Theory]
    [InlineData("cut_after")]
    [InlineData("cut_before")]
    public async Task A_refund_by_flutterwave_whose_answer_was_lost_is_found_in_its_list_and_given_once(string fault)
    {
        var email = $"{Guid.CreateVersion7():N}@buyers.example";
        app.Identity.Accounts[email] = Guid.CreateVersion7();
        var (_, asked) = await app.PostAsync("/api/upgrade", new { email, tier = "professional", payment_method = "flutterwave" }, new(app.Identity.Accounts[email]));
        var payment = asked["payment_id"]!.GetValue<string>();
        await app.Sandbox.PressAsync($"/flutterwave/pay/{payment}", ("answer", "pay"));
        await Eventually.EqualAsync("succeeded", () => app.StatusAsync(MarketApp.IdOf(payment)));
        await app.Sandbox.ArmAsync("flutterwave", fault, "/refund", method: "POST");
        var (status, answer) = await app.PostAsync($"/api/v1/revenue/payments/{payment}/refunds", new { amount = 20 }, new(app.Identity.Operator));
        Assert.True(status is HttpStatusCode.Created or HttpStatusCode.Accepted, answer.ToJsonString());
        await Eventually.EqualAsync("succeeded", () => app.ReadAsync<string>("select status from refunds where payment_id = @id", new { id = MarketApp.IdOf(payment) }));
        var charge = await app.ReadAsync<string>("select charge_ref from payments where id = @id", new { id = MarketApp.IdOf(payment) });
        Assert.Single(await app.Sandbox.AllAsync("flutterwave/refunds"), refund => refund["tx_id"]!.ToString() == charge);
        await Eventually.EqualAsync(1, async () => (await app.CausesAsync(MarketApp.IdOf(payment))).Count(cause => cause.StartsWith("flutterwave:refund:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_refund_made_on_the_providers_own_pages_is_booked_too()
    {
        var id = (await app.PaidAsync(60))["payment_id"]!.GetValue<string>();
        var intent = await app.ReadAsync<string>("select provider_ref from payments where id = @id", new { id = MarketApp.IdOf(id) });
        using var form = new FormUrlEncodedContent([new("payment_intent", intent!), new("amount", "1000")]);
        using var made = await app.Sandbox.Http.PostAsync("/stripe/v1/refunds", form);
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        await Eventually.EqualAsync(50m, async () => (await app.GetAsync($"/api/v1/revenue/payments/{id}"))["refundable"]!.GetValue<decimal>());
        Assert.Contains(await app.CausesAsync(MarketApp.IdOf(id)), cause => cause.StartsWith("stripe:refund:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_owners_and_admins_give_money_back()
    {
        var id = (await app.PaidAsync(10))["payment_id"]!.GetValue<string>();
        Assert.Equal(HttpStatusCode.Forbidden, (await app.PostAsync($"/api/v1/revenue/payments/{id}/refunds", new { amount = 1 }, role: "member")).Status);
    }
}
