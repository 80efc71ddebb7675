using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Empire.Sandbox.Tests.Stripe;

public sealed class ConnectTests(SandboxApp app) : IClassFixture<SandboxApp>, IDisposable
{
    readonly StripeApi stripe = new(app);

    public void Dispose() => stripe.Dispose();

    static string Id(JsonNode item) => item["id"]!.ToString();

    async Task<string> SellerAsync()
    {
        var account = Id(await stripe.PostAsync("/accounts", ("type", "express"), ("country", "US"), ("email", "seller@example.com"), ("capabilities[transfers][requested]", true)));
        await stripe.PressAsync(Text(await LinkAsync(account), "url"), "answer", "complete");
        return account;
    }

    Task<JsonObject> LinkAsync(string account) =>
        stripe.PostAsync("/account_links", ("account", account), ("type", "account_onboarding"), ("return_url", "https://shop.example/done"), ("refresh_url", "https://shop.example/again"));

    static string Text(JsonNode item, string field) => item[field]!.ToString();

    async Task<int> BalanceAsync(string? account, string kind = "available")
    {
        using var client = app.Client("sk_test_any");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/stripe/v1/balance");
        if (account is not null) request.Headers.Add("Stripe-Account", account);
        using var response = await client.SendAsync(request);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())![kind]!.AsArray().Single(a => Text(a!, "currency") == "usd")!["amount"]!.GetValue<int>();
    }

    [Fact]
    public async Task An_account_may_take_money_once_its_holder_has_said_who_they_are()
    {
        await app.ResetAsync();
        var account = Id(await stripe.PostAsync("/accounts", ("type", "express"), ("metadata[seller]", "7")));
        Assert.Equal("insufficient_capabilities_for_transfer", (await stripe.PayAsync(10000, more: ("transfer_data[destination]", account))).Code);
        var page = Text(await LinkAsync(account), "url");
        Assert.Equal("https://shop.example/done", (await stripe.PressAsync(page, "answer", "complete"))!.AbsoluteUri);
        var ready = await stripe.GetAsync($"/accounts/{account}");
        Assert.All((string[])["charges_enabled", "payouts_enabled", "details_submitted"], field => Assert.True(ready[field]!.GetValue<bool>(), field));
        var told = (await stripe.GetAsync("/events?type=account.updated"))["data"]![0]!;
        Assert.Equal((account, "7"), (Text(told, "account"), Text(told["data"]!["object"]!["metadata"]!, "seller")));
        using var client = app.Client(null);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(page)).StatusCode); // a link is good once
    }

    [Fact]
    public async Task A_sale_is_passed_on_less_the_platform_s_fee()
    {
        await app.ResetAsync();
        var seller = await SellerAsync();
        var sale = (await stripe.PayAsync(10000, "pm_card_bypassPending", more: [("transfer_data[destination]", seller), ("application_fee_amount", 1000), ("expand[]", "latest_charge.transfer"), ("expand[]", "latest_charge.application_fee")])).Body["latest_charge"]!;
        Assert.Equal((10000, seller), (sale["transfer"]!["amount"]!.GetValue<int>(), Text(sale["transfer"]!, "destination")));
        Assert.Equal((1000, Id(sale), seller), (sale["application_fee"]!["amount"]!.GetValue<int>(), Text(sale["application_fee"]!, "originating_transaction"), Text(sale["application_fee"]!, "account")));
        Assert.Equal((9000, 1000 - 320), (await BalanceAsync(seller), await BalanceAsync(null))); // Stripe's 2.9 % and 30 cents are the platform's
        Assert.Equal(["account.updated", "payment_intent.created", "transfer.created", "application_fee.created", "charge.succeeded", "payment_intent.succeeded"],
            (await stripe.GetAsync("/events"))["data"]!.AsArray().Select(e => Text(e!, "type")).Reverse());
    }

    [Fact]
    public async Task A_refund_takes_back_its_share_of_both()
    {
        await app.ResetAsync();
        var seller = await SellerAsync();
        var sale = (await stripe.PayAsync(10000, "pm_card_bypassPending", more: [("transfer_data[destination]", seller), ("application_fee_amount", 1000)])).Body;
        await stripe.PostAsync("/refunds", ("payment_intent", Id(sale)), ("amount", 3333), ("reverse_transfer", true), ("refund_application_fee", true));
        Assert.Equal(9000 - 3333 + 333, await BalanceAsync(seller));
        await stripe.PostAsync("/refunds", ("payment_intent", Id(sale)), ("reverse_transfer", true), ("refund_application_fee", true));
        Assert.Equal((0, -320), (await BalanceAsync(seller), await BalanceAsync(null)));
        Assert.True((await stripe.GetAsync("/transfers"))["data"]![0]!["reversed"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_transfer_needs_the_money_and_can_be_reversed()
    {
        await app.ResetAsync();
        var seller = await SellerAsync();
        Assert.Equal("balance_insufficient", (await stripe.SendAsync("/transfers", ("amount", 500), ("currency", "usd"), ("destination", seller))).Code);
        await stripe.PayAsync(10000, "pm_card_bypassPending");
        var transfer = await stripe.PostAsync("/transfers", ("amount", 500), ("currency", "usd"), ("destination", seller), ("transfer_group", "order-7"));
        await stripe.PostAsync($"/transfers/{Id(transfer)}/reversals", ("amount", 200));
        Assert.Equal("amount_too_large", (await stripe.SendAsync($"/transfers/{Id(transfer)}/reversals", ("amount", 301))).Code);
        Assert.Equal(300, await BalanceAsync(seller));
        var charge = Text((await stripe.PayAsync(1000)).Body, "latest_charge");
        await stripe.PostAsync("/transfers", ("amount", 900), ("currency", "usd"), ("destination", seller), ("source_transaction", charge));
        Assert.Equal("amount_too_large", (await stripe.SendAsync("/transfers", ("amount", 101), ("currency", "usd"), ("destination", seller), ("source_transaction", charge))).Code);
    }

    [Fact]
    public async Task What_is_available_is_paid_out_and_comes_back_when_the_bank_refuses()
    {
        await app.ResetAsync();
        await stripe.PayAsync(10000);
        Assert.Equal((0, 9680), (await BalanceAsync(null), await BalanceAsync(null, "pending")));
        Assert.Equal("balance_insufficient", (await stripe.SendAsync("/payouts", ("amount", 100), ("currency", "usd"))).Code);
        await stripe.PayAsync(10000, "pm_card_bypassPending");
        var payout = await stripe.PostAsync("/payouts", ("amount", 9680), ("currency", "usd"));
        Assert.Equal(("pending", 0), (Text(payout, "status"), await BalanceAsync(null)));
        using var client = app.Client();
        (await client.PostAsJsonAsync($"/control/stripe/payouts/{Id(payout)}/end", new { status = "failed" })).EnsureSuccessStatusCode();
        Assert.Equal(("failed", 9680), (Text(await stripe.GetAsync($"/payouts/{Id(payout)}"), "status"), await BalanceAsync(null)));
        await stripe.PostAsync("/payouts", ("amount", 80), ("currency", "usd"), ("method", "instant"));
        Assert.Equal(["payout.paid", "payout.created", "payout.failed", "payout.created"], (await stripe.GetAsync("/events?type=payout.*"))["data"]!.AsArray().Select(e => Text(e!, "type")));
    }

    [Theory]
    [InlineData("application_fee_amount=10", "application_fee_amount", null)]
    [InlineData("transfer_data[destination]=acct_none", "transfer_data[destination]", "resource_missing")]
    [InlineData("transfer_data[amount]=10", "transfer_data[destination]", "parameter_missing")]
    public async Task A_wrong_share_is_told_which_parameter_is_wrong(string body, string param, string? code)
    {
        var pair = body.Split('=');
        var answer = await stripe.PayAsync(1000, more: (pair[0], pair[1]));
        Assert.Equal((HttpStatusCode.BadRequest, param, code), (answer.Status, answer.Param, answer.Code));
    }

    [Fact]
    public async Task The_platform_knows_itself_and_only_its_own_accounts()
    {
        Assert.True((await stripe.GetAsync("/account"))["charges_enabled"]!.GetValue<bool>());
        using var client = app.Client("sk_test_any");
        using var stranger = new HttpRequestMessage(HttpMethod.Get, "/stripe/v1/balance") { Headers = { { "Stripe-Account", "acct_none" } } };
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(stranger)).StatusCode);
        using var elsewhere = new HttpRequestMessage(HttpMethod.Get, "/stripe/v1/customers") { Headers = { { "Stripe-Account", "acct_none" } } };
        Assert.Equal(HttpStatusCode.BadRequest, (await client.SendAsync(elsewhere)).StatusCode);
    }
}
