using System.Net.Http.Json;
using System.Text.Json;
using Empire.Testing;

namespace Empire.EndToEnd.Tests;

/// <summary>PAY-04, 05, 10 to 15: what accounts pay to use this installation, through the gateway, months passing on Stripe's test clocks.</summary>
[Collection(InstallationCollection.Name)]
public sealed class SubscriptionTests(Installation empire) : IDisposable
{
    private const string Subscriptions = "/api/v1/revenue/subscriptions", Upgrade = "/api/upgrade";

    /// <summary>So long ago that what these tests let pass is over by now: what a tier is paid for ends by the real time.</summary>
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow().AddMonths(-2).AddDays(-20);
    private readonly Market market = new(empire);

    public void Dispose() => market.Dispose();

    [Fact]
    public async Task A_month_later_a_second_invoice_is_paid()
    {
        var clock = await market.ClockAsync(Start);
        var customer = await market.CustomerAsync(clock: clock);
        var begun = await market.PostAsync(Subscriptions, new { customer_id = customer, price_id = await market.PriceAsync(4900, "professional") });
        Assert.Equal("active", Market.Text(begun, "status"));
        await market.AdvanceAsync(clock, Start.AddMonths(1));
        var paid = await InvoicesAsync(begun, 2);
        Assert.All(paid, invoice => Assert.Equal(49m, invoice.GetProperty("amount_paid").GetDecimal()));
        foreach (var invoice in paid) Assert.Equal("succeeded", Market.Text(await market.Owner.GetJsonAsync($"/api/v1/revenue/payments/{Market.Text(invoice, "payment_id")}"), "status"));
        Assert.Equal(Market.Text(begun, "subscription_id"), Market.Text(await market.Owner.GetJsonAsync($"{Subscriptions}/{Market.Text(begun, "subscription_id")}"), "subscription_id"));
        Assert.Equal((400, "VALIDATION_ERROR", "price_id"), await market.RefusedAsync(Subscriptions, new { customer_id = customer, price_id = "price_none" }));
    }

    [Fact]
    public async Task An_accounts_tier_follows_its_subscription_up_down_past_due_and_to_its_end()
    {
        var (email, account) = await market.AccountAsync(confirmed: true);
        using var client = account;
        var clock = await market.ClockAsync(Start);
        var customer = await market.CustomerAsync(clock: clock, account: email);
        var (low, high) = (await market.PriceAsync(4900, "professional"), await market.PriceAsync(19_900, "enterprise"));
        var begun = await market.PostAsync(Subscriptions, new { customer_id = customer, price_id = low });
        await TierAsync(client, "professional");
        var path = $"{Subscriptions}/{Market.Text(begun, "subscription_id")}";
        await market.PostAsync($"{path}/price", new { price_id = high, proration = "always_invoice" });
        await TierAsync(client, "enterprise");
        await market.PostAsync($"{path}/price", new { price_id = low, proration = "none" });
        await TierAsync(client, "professional");
        await CardAsync(customer, "pm_card_chargeCustomerFail");
        await market.AdvanceAsync(clock, Start.AddMonths(1));
        await StatusAsync(path, "past_due");
        await Eventually.EqualAsync("past_due", async () => Market.Text((await market.Owner.GetAllAsync("/admin/users")).Single(user => Market.Text(user, "email") == email), "subscription_status"));
        await TierAsync(client, "professional");
        await market.AdvanceAsync(clock, Start.AddMonths(1).AddDays(20));
        await StatusAsync(path, "canceled");
        await TierAsync(client, "free");
    }

    [Fact]
    public async Task A_renewal_that_failed_is_tried_again_and_the_subscription_recovers()
    {
        var (email, account) = await market.AccountAsync(confirmed: true);
        using var client = account;
        var clock = await market.ClockAsync(Start);
        var customer = await market.CustomerAsync(clock: clock, account: email);
        var begun = await market.PostAsync(Subscriptions, new { customer_id = customer, price_id = await market.PriceAsync(4900, "professional") });
        var path = $"{Subscriptions}/{Market.Text(begun, "subscription_id")}";
        await CardAsync(customer, "pm_card_chargeCustomerFail");
        await market.AdvanceAsync(clock, Start.AddMonths(1));
        await StatusAsync(path, "past_due");
        await CardAsync(customer, "pm_card_visa");
        await market.AdvanceAsync(clock, Start.AddMonths(1).AddDays(8));
        await StatusAsync(path, "active");
        await Eventually.EqualAsync("active", async () => Market.Text((await market.Owner.GetAllAsync("/admin/users")).Single(user => Market.Text(user, "email") == email), "subscription_status"));
        await TierAsync(client, "professional");
        await InvoicesAsync(begun, 2);
    }

    [Fact]
    public async Task An_account_upgrades_over_flutterwave_and_its_limits_change_at_once()
    {
        var (email, account) = await market.AccountAsync();
        using var client = account;
        var upgrade = await Market.PostAsync(client, Upgrade, new { email, tier = "professional", payment_method = "flutterwave", amount = 1 });
        Assert.Equal(("success", 49m), (Market.Text(upgrade, "status"), upgrade.GetProperty("amount").GetDecimal())); // the price book's, whatever was asked
        var id = Market.Text(upgrade, "payment_id");
        Assert.Equal("pending", Market.Text(await client.GetJsonAsync($"{Upgrade}/{id}"), "status"));
        var asked = Assert.Single(await market.AllAsync("flutterwave/payments"), payment => Market.Text(payment, "tx_ref") == id);
        Assert.Equal((49m, "USD", email), (asked.GetProperty("amount").GetDecimal(), Market.Text(asked, "currency"), Market.Text(asked.GetProperty("customer"), "email")));
        await market.ControlAsync("faults", new { match = new { provider = "flutterwave-webhook" }, kind = "duplicate", count = 1 });
        var back = await market.PressAsync(new Uri(Market.Text(upgrade, "payment_url")).AbsolutePath, ("answer", "pay"));
        Assert.StartsWith("/payment/flutterwave/callback", back!.AbsolutePath, StringComparison.Ordinal);
        var (status, page) = await market.VisitAsync(back);
        Assert.True(status == System.Net.HttpStatusCode.OK && page.Contains("Thank you", StringComparison.Ordinal), page);
        await TierAsync(client, "professional");
        await Eventually.EqualAsync("succeeded", async () => Market.Text(await client.GetJsonAsync($"{Upgrade}/{id}"), "status"));
        await Eventually.EqualAsync(1, async () => (await market.MailsAsync(email)).Count(subject => subject == "Your account is now professional"));
        Assert.Equal("professional", Market.Text((await market.Owner.GetAllAsync("/admin/users")).Single(user => Market.Text(user, "email") == email), "subscription_tier"));

        await market.PostAsync($"/api/v1/revenue/payments/{id}/refunds", new { }); // given back whole, it pays for nothing
        await TierAsync(client, "free");
    }

    [Fact]
    public async Task Less_than_the_price_upgrades_nothing()
    {
        var (email, account) = await market.AccountAsync();
        using var client = account;
        var upgrade = await Market.PostAsync(client, Upgrade, new { email, tier = "professional", payment_method = "flutterwave" });
        await market.PressAsync(new Uri(Market.Text(upgrade, "payment_url")).AbsolutePath, ("answer", "pay_less"), ("amount", "20.00"));
        await Eventually.EqualAsync("failed", async () => Market.Text(await client.GetJsonAsync($"{Upgrade}/{Market.Text(upgrade, "payment_id")}"), "status"));
        Assert.Equal("free", Market.Text(await client.GetJsonAsync("/api/usage"), "tier"));
    }

    [Fact]
    public async Task Coins_give_address_amount_and_currency_and_only_the_whole_upgrades()
    {
        var (email, account) = await market.AccountAsync();
        using var client = account;
        var upgrade = await Market.PostAsync(client, Upgrade, new { email, tier = "enterprise", payment_method = "nowpayments", pay_currency = "btc" });
        Assert.Equal("btc", Market.Text(upgrade, "pay_currency"));
        var (address, coins) = (Market.Text(upgrade, "pay_address"), upgrade.GetProperty("pay_amount").GetDecimal());
        var there = Assert.Single(await market.AllAsync("nowpayments/payments"), payment => Market.Text(payment, "pay_address") == address).GetProperty("payment_id").ToString();
        await market.ControlAsync($"nowpayments/{there}", new { status = "partially_paid", actually_paid = coins / 2 });
        await Eventually.EqualAsync("partially_paid", async () => Market.Text(await client.GetJsonAsync($"{Upgrade}/{Market.Text(upgrade, "payment_id")}"), "status"));
        Assert.Equal("free", Market.Text(await client.GetJsonAsync("/api/usage"), "tier"));
        await market.ControlAsync($"nowpayments/{there}", new { status = "finished", actually_paid = coins });
        await TierAsync(client, "enterprise");
    }

    [Fact]
    public async Task What_is_not_sold_names_the_field_and_a_provider_that_refuses_is_502()
    {
        var (email, account) = await market.AccountAsync();
        using var client = account;
        Assert.Equal((400, "VALIDATION_ERROR", "tier"), await market.RefusedAsync(Upgrade, new { email, tier = "gold", payment_method = "flutterwave" }, client));
        Assert.Equal((400, "VALIDATION_ERROR", "payment_method"), await market.RefusedAsync(Upgrade, new { email, tier = "professional", payment_method = "cash" }, client));
        Assert.Equal((400, "VALIDATION_ERROR", "pay_currency"), await market.RefusedAsync(Upgrade, new { email, tier = "professional", payment_method = "nowpayments", pay_currency = "nosuchcoin" }, client));
        await market.ControlAsync("faults", new { match = new { provider = "flutterwave", method = "POST", path_contains = "payments" }, kind = "revoked_key" });
        using (var impatient = new HttpClient { BaseAddress = client.BaseAddress, DefaultRequestHeaders = { Authorization = client.DefaultRequestHeaders.Authorization } })
            Assert.Equal((502, "PAYMENT_FAILED", ""), await market.RefusedAsync(Upgrade, new { email, tier = "professional", payment_method = "flutterwave" }, impatient));
        Assert.Equal(404, (await market.RefusedAsync(Upgrade, new { email = "nobody@example.test", tier = "professional", payment_method = "flutterwave" }, client)).Status);
    }

    private async Task CardAsync(string customer, string method)
    {
        using var card = await market.Owner.PutAsJsonAsync($"/api/v1/revenue/customers/{customer}/payment-method", new { payment_method = method });
        Assert.True(card.IsSuccessStatusCode, await card.Content.ReadAsStringAsync());
    }

    private static Task TierAsync(HttpClient account, string tier) => Eventually.EqualAsync(tier, async () => Market.Text(await account.GetJsonAsync("/api/usage"), "tier"));

    private Task StatusAsync(string path, string status) => Eventually.EqualAsync(status, async () => Market.Text(await market.Owner.GetJsonAsync(path), "status"));

    /// <summary>The invoices that are paid and know what paid them: word of the invoice and word of its payment come in either order.</summary>
    private async Task<IReadOnlyList<JsonElement>> InvoicesAsync(JsonElement subscription, int paid)
    {
        IReadOnlyList<JsonElement> seen = [];
        await Eventually.EqualAsync(paid, async () =>
        {
            seen = [.. (await market.Owner.GetAllAsync($"/api/v1/revenue/invoices?subscription_id={Market.Text(subscription, "subscription_id")}")).Where(invoice => Market.Text(invoice, "status") == "paid" && invoice.TryGetProperty("payment_id", out _))];
            return seen.Count;
        });
        return seen;
    }
}
