using System.Net;
using Empire.Contracts;
using Empire.Payments.Intake;
using Empire.Payments.Tests.Outside;
using Empire.Payments.Tiers;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Payments.Tests.Upgrades;

/// <summary>Our key is not one that Flutterwave knows.</summary>
public sealed class WrongKeyApp : MarketApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Providers:Flutterwave:SecretKey", "FLWSECK_TEST-invalid")];
}

public sealed class WrongKeyTests(WrongKeyApp app) : IClassFixture<WrongKeyApp>
{
    [Fact]
    public async Task A_provider_that_refuses_our_key_is_502_payment_failed()
    {
        app.Identity.Accounts["buyer@example.com"] = app.Tenant.Value;
        var (status, answer) = await app.PostAsync("/api/upgrade", new { email = "buyer@example.com", tier = "professional", payment_method = "flutterwave" });
        Assert.Equal((HttpStatusCode.BadGateway, "PAYMENT_FAILED"), (status, answer["code"]!.GetValue<string>()));
    }
}

/// <summary>PAY-10 to 15: an account buys a tier over Flutterwave or in coins.</summary>
public sealed class UpgradeTests(MarketApp app) : IClassFixture<MarketApp>
{
    private const string Upgrade = "/api/upgrade";

    [Fact]
    public async Task Flutterwave_gives_a_checkout_page_at_the_price_of_the_price_book_whatever_the_request_says()
    {
        var (account, email) = Account();
        var (status, answer) = await app.PostAsync(Upgrade, new { email, tier = "professional", payment_method = "flutterwave", amount = 1 }, account);
        Assert.True(status == HttpStatusCode.OK, answer.ToJsonString());
        Assert.Equal(("success", 49.00m), (answer["status"]!.GetValue<string>(), answer["amount"]!.GetValue<decimal>()));
        Assert.StartsWith("tx_", answer["payment_id"]!.GetValue<string>(), StringComparison.Ordinal);
        var id = MarketApp.IdOf(answer["payment_id"]!.GetValue<string>());
        Assert.EndsWith($"/flutterwave/pay/tx_{id:N}", answer["payment_url"]!.GetValue<string>(), StringComparison.Ordinal);
        var asked = Assert.Single(await app.Sandbox.AllAsync("flutterwave/payments"), payment => payment["tx_ref"]!.GetValue<string>() == $"tx_{id:N}");
        Assert.InRange(asked["ends_at"]!.GetValue<long>() - DateTimeOffset.Parse(asked["created_at"]!.GetValue<string>(), null).ToUnixTimeSeconds(), 86_399, 86_401); // left to itself it would stand for ever
        Assert.Equal((49m, "USD", email), (asked["amount"]!.GetValue<decimal>(), asked["currency"]!.GetValue<string>(), asked["customer"]!["email"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Paid_it_raises_the_tier_once_books_the_sale_with_the_operator_and_ends_after_a_month()
    {
        var (account, email) = Account();
        var id = await AskAsync(account, email, "professional", "flutterwave");
        await app.Sandbox.ArmAsync("flutterwave-webhook", "duplicate");
        await app.Sandbox.PressAsync($"/flutterwave/pay/tx_{id:N}", ("answer", "pay"));
        await Eventually.EqualAsync("succeeded", () => app.StatusAsync(id));
        Assert.Equal([("professional", "free", "active")], (await ChangesAsync(account)).Select(change => (change.Tier, change.Before, change.Status)));
        var operatorTenant = app.Identity.Operator;
        Assert.Equal(49m, await app.ReadAsync<decimal>("select sum(micros) / 1000000 from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.payment_id = @id and account = 'cash:flutterwave' and micros > 0 and e.tenant_id = @operatorTenant", new { id, operatorTenant }));
        var stands = await app.GetAsync($"{Upgrade}/tx_{id:N}", account);
        Assert.Equal(("succeeded", "professional"), (stands["status"]!.GetValue<string>(), stands["tier"]!.GetValue<string>()));
        using var stranger = app.ClientFor(TenantId.New(TimeProvider.System.GetUtcNow()));
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"{Upgrade}/tx_{id:N}")).StatusCode);

        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync())
        {
            await Dapper.SqlMapper.ExecuteAsync(owner, "update entitlements set ends_at = now() - interval '1 minute' where source_id = @id", new { id });
        }
        var clock = ActivatorUtilities.CreateInstance<TierClock>(app.Services);
        Assert.Equal(1, await clock.EndAsync(CancellationToken.None));
        Assert.Equal(0, await clock.EndAsync(CancellationToken.None));
        Assert.Equal([("professional", "active"), ("free", "cancelled")], (await ChangesAsync(account)).Select(change => (change.Tier, change.Status)));
    }

    [Fact]
    public async Task Stripes_checkout_page_is_opened_once_declines_first_then_raises_the_tier_and_books_the_price()
    {
        var (account, email) = Account();
        var (status, answer) = await app.PostAsync(Upgrade, new { email, tier = "professional", payment_method = "stripe", amount = 1 }, account);
        Assert.True(status == HttpStatusCode.OK, answer.ToJsonString());
        var (id, page) = (MarketApp.IdOf(answer["payment_id"]!.GetValue<string>()), new Uri(answer["payment_url"]!.GetValue<string>()).AbsolutePath);
        Assert.StartsWith("/stripe/checkout/cs_test_", page, StringComparison.Ordinal);
        var session = Assert.Single(await app.Sandbox.AllAsync("stripe/checkout.sessions"), made => made["client_reference_id"]?.GetValue<string>() == $"tx_{id:N}");
        Assert.Equal((4900, "usd", email), (session["amount_total"]!.GetValue<int>(), session["currency"]!.GetValue<string>(), session["customer_email"]!.GetValue<string>()));
        using var browser = new HttpClient();
        using var declined = await browser.PostAsync(new Uri(app.Sandbox.Address, page), new FormUrlEncodedContent([KeyValuePair.Create("answer", "decline")]));
        Assert.Equal(HttpStatusCode.PaymentRequired, declined.StatusCode);
        await Eventually.EqualAsync("failed", () => app.StatusAsync(id));
        Assert.Empty(await ChangesAsync(account));

        var back = await app.Sandbox.PressAsync(page, ("answer", "pay"));
        using var client = app.CreateClient();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(back!.PathAndQuery)).StatusCode);
        await Eventually.EqualAsync("succeeded", () => app.StatusAsync(id));
        await Eventually.EqualAsync(2, async () => (await app.CausesAsync(id)).Count);
        Assert.Equal([("professional", "free", "active")], (await ChangesAsync(account)).Select(change => (change.Tier, change.Before, change.Status)));
        Assert.Equal((49m, 1.72m), (await app.ReadAsync<decimal>("select -sum(micros) / 1000000.0 from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.payment_id = @id and account = 'revenue:subscription' and e.tenant_id = @seller", new { id, seller = app.Identity.Operator }),
            await app.ReadAsync<decimal>("select sum(micros) / 1000000.0 from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.payment_id = @id and account = 'fee:stripe'", new { id })));
    }

    [Fact]
    public async Task A_checkout_page_that_nobody_pays_in_time_leaves_the_payment_expired()
    {
        var (account, email) = Account();
        var id = await AskAsync(account, email, "professional", "stripe");
        var session = Assert.Single(await app.Sandbox.AllAsync("stripe/checkout.sessions"), made => made["client_reference_id"]?.GetValue<string>() == $"tx_{id:N}");
        using var answer = await app.Sandbox.Http.PostAsync($"/stripe/v1/checkout/sessions/{session["id"]}/expire", null);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        await Eventually.EqualAsync("expired", () => app.StatusAsync(id));
    }

    [Fact]
    public async Task Less_than_the_price_leaves_it_failed_with_the_money_as_credit()
    {
        var (account, email) = Account();
        var id = await AskAsync(account, email, "professional", "flutterwave");
        await app.Sandbox.PressAsync($"/flutterwave/pay/tx_{id:N}", ("answer", "pay_less"), ("amount", "20.00"));
        await Eventually.EqualAsync("failed", () => app.StatusAsync(id));
        Assert.Empty(await ChangesAsync(account));
        Assert.Contains(await app.CausesAsync(id), cause => cause.EndsWith(":short", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lost_webhook_is_made_good_by_the_browser_that_comes_back_or_by_the_list()
    {
        var (account, email) = Account();
        await app.Sandbox.ArmAsync("flutterwave-webhook", "drop", count: 2);
        var (first, second) = (await AskAsync(account, email, "professional", "flutterwave"), await AskAsync(account, email, "professional", "flutterwave"));
        var back = await app.Sandbox.PressAsync($"/flutterwave/pay/tx_{first:N}", ("answer", "pay"));
        using var browser = app.CreateClient();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(back!.PathAndQuery)).StatusCode);
        await Eventually.EqualAsync("succeeded", () => app.StatusAsync(first));
        await app.Sandbox.PressAsync($"/flutterwave/pay/tx_{second:N}", ("answer", "pay"));
        Assert.True(await app.Services.GetRequiredService<Reconciler>().ReconcileAsync(CancellationToken.None) > 0);
        await Eventually.EqualAsync("succeeded", () => app.StatusAsync(second));
    }

    [Fact]
    public async Task Paid_on_two_pages_the_second_is_the_payers_credit_and_is_told_once()
    {
        var (account, email) = Account();
        await app.Sandbox.ArmAsync("flutterwave", "cut_after", "/payments", method: "POST"); // its answer is lost: a second page is asked for
        var id = await AskAsync(account, email, "professional", "flutterwave");
        foreach (var page in (string[])["", "-2"]) await app.Sandbox.PressAsync($"/flutterwave/pay/tx_{id:N}{page}", ("answer", "pay"));
        await Eventually.EqualAsync(5, async () => (await app.CausesAsync(id)).Count); // two that were taken, two fees, and that one was too much
        Assert.Equal((-49m, -49m), (await LineAsync(id, "revenue:subscription"), await LineAsync(id, "payable:customer-credit")));
        Assert.Single(await ChangesAsync(account));
        Assert.Single(await app.HeardAsync<PaymentSucceeded>(fact => fact.PaymentId == id));
        Assert.Equal(1, await app.ReadAsync<long>("select count(*) from alerts where subject like @subject", new { subject = $"%{id:N}%" }));
        var (_, next) = await app.PostAsync(Upgrade, new { email, tier = "professional", payment_method = "flutterwave" }, account);
        Assert.Equal((0m, 49m), (next["amount"]!.GetValue<decimal>(), next["credit"]!.GetValue<decimal>()));
        var (first, second) = (await GivenAsync(id), await GivenAsync(MarketApp.IdOf(next["payment_id"]!.GetValue<string>())));
        Assert.Equal((first.Until, first.Until.AddMonths(1)), second); // the credit buys a month of its own
    }

    [Fact]
    public async Task Two_that_are_asked_for_at_once_and_both_paid_are_two_months()
    {
        var (account, email) = Account();
        var payments = await Task.WhenAll(AskAsync(account, email, "professional", "flutterwave"), AskAsync(account, email, "professional", "flutterwave"));
        await Task.WhenAll(payments.Select(id => app.Sandbox.PressAsync($"/flutterwave/pay/tx_{id:N}", ("answer", "pay"))));
        foreach (var id in payments) await Eventually.EqualAsync("succeeded", () => app.StatusAsync(id));
        var months = (await Task.WhenAll(payments.Select(GivenAsync))).Order().ToArray();
        Assert.Equal((months[0].From.AddMonths(1), months[0].Until.AddMonths(1)), (months[0].Until, months[1].Until));
        Assert.Equal(months[0].Until, months[1].From);
        Assert.Equal(("professional", "active", months[1].Until), (await ChangesAsync(account)).Select(change => (change.Tier, change.Status, change.EndsAt!.Value)).Last()); // the account hears of the second month too
        Assert.Single((await ChangesAsync(account)), change => change.Before == "free");
    }

    [Fact]
    public async Task Asked_for_over_two_providers_at_once_and_both_paid_are_two_months_each_booked_once()
    {
        var (account, email) = Account();
        var payments = await Task.WhenAll(AskAsync(account, email, "professional", "flutterwave"), AskAsync(account, email, "professional", "nowpayments"));
        var (reference, coins) = await app.ReadAsync<(string, decimal)>("select provider_ref, pay_amount from payments where id = @id", new { id = payments[1] });
        await Task.WhenAll(app.Sandbox.PressAsync($"/flutterwave/pay/tx_{payments[0]:N}", ("answer", "pay")), StepAsync(reference, "finished", coins));
        foreach (var id in payments)
        {
            await Eventually.EqualAsync("succeeded", () => app.StatusAsync(id));
            Assert.Equal(-49m, await LineAsync(id, "revenue:subscription"));
            Assert.Single(await app.CausesAsync(id), cause => cause.EndsWith(":captured", StringComparison.Ordinal));
        }
        var months = (await Task.WhenAll(payments.Select(GivenAsync))).Order().ToArray();
        Assert.Equal((months[0].Until, months[0].Until.AddMonths(1)), (months[1].From, months[1].Until));
        Assert.Single((await ChangesAsync(account)), change => change.Before == "free");
    }

    private async Task<(DateTimeOffset From, DateTimeOffset Until)> GivenAsync(Guid payment) => await app.ReadAsync<(DateTimeOffset, DateTimeOffset)>("select starts_at, ends_at from entitlements where source_id = @payment", new { payment });

    private async Task<decimal> LineAsync(Guid payment, string account) => await app.ReadAsync<decimal>(
        "select coalesce(sum(l.micros), 0) / 1000000.0 from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.payment_id = @payment and l.account = @account", new { payment, account });

    [Fact]
    public async Task Coins_give_address_amount_and_currency_and_only_the_whole_upgrades()
    {
        var (account, email) = Account();
        var (status, answer) = await app.PostAsync(Upgrade, new { email, tier = "enterprise", payment_method = "nowpayments", pay_currency = "btc" }, account);
        Assert.True(status == HttpStatusCode.OK, answer.ToJsonString());
        Assert.Equal((199m, "btc"), (answer["amount"]!.GetValue<decimal>(), answer["pay_currency"]!.GetValue<string>()));
        Assert.NotEmpty(answer["pay_address"]!.GetValue<string>());
        var (id, coins) = (MarketApp.IdOf(answer["payment_id"]!.GetValue<string>()), answer["pay_amount"]!.GetValue<decimal>());
        var reference = await app.ReadAsync<string>("select provider_ref from payments where id = @id", new { id });
        await StepAsync(reference!, "partially_paid", coins / 2);
        await Eventually.EqualAsync("partially_paid", () => app.StatusAsync(id));
        Assert.Empty(await ChangesAsync(account));
        await StepAsync(reference!, "finished", coins);
        await Eventually.EqualAsync("succeeded", () => app.StatusAsync(id));
        Assert.Equal([("enterprise", "active")], (await ChangesAsync(account)).Select(change => (change.Tier, change.Status)));
        var credit = await app.ReadAsync<long>("select coalesce(sum(l.micros), 0)::bigint from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.payment_id = @id and l.account = 'payable:customer-credit'", new { id });
        Assert.Equal(0, credit); // what came first is part of the whole
    }

    [Fact]
    public async Task One_person_may_upgrade_several_accounts_each_for_itself()
    {
        var (first, email) = Account();
        var payment = await AskAsync(first, email, "professional", "flutterwave");
        var second = TenantId.New(TimeProvider.System.GetUtcNow());
        app.Identity.Accounts[email] = second.Value; // the same address, acting for another account
        await AskAsync(second, email, "enterprise", "flutterwave");
        await app.Sandbox.PressAsync($"/flutterwave/pay/tx_{payment:N}", ("answer", "pay"));
        await Eventually.EqualAsync("succeeded", () => app.StatusAsync(payment));
        Assert.Single(await ChangesAsync(first));
        Assert.Empty(await ChangesAsync(second));
    }

    [Theory]
    [InlineData("gold", "flutterwave", null, "tier")]
    [InlineData("free", "flutterwave", null, "tier")]
    [InlineData("professional", "cash", null, "payment_method")]
    [InlineData("professional", "nowpayments", "nosuchcoin", "pay_currency")]
    public async Task What_is_not_sold_or_cannot_be_paid_in_says_so(string tier, string method, string? coin, string field)
    {
        var (account, email) = Account();
        var (status, answer) = await app.PostAsync(Upgrade, new { email, tier, payment_method = method, pay_currency = coin }, account);
        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), (status, answer["code"]!.GetValue<string>()));
        Assert.Contains(field, answer["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task An_unknown_address_answers_404() =>
        Assert.Equal(HttpStatusCode.NotFound, (await app.PostAsync(Upgrade, new { email = "nobody@example.com", tier = "professional", payment_method = "flutterwave" })).Status);

    private (TenantId Account, string Email) Account()
    {
        var (tenant, email) = (TenantId.New(TimeProvider.System.GetUtcNow()), $"{Guid.CreateVersion7():N}@buyers.example");
        app.Identity.Accounts[email] = tenant.Value;
        return (tenant, email);
    }

    private async Task<Guid> AskAsync(TenantId account, string email, string tier, string method)
    {
        var (status, answer) = await app.PostAsync(Upgrade, new { email, tier, payment_method = method }, account);
        Assert.True(status == HttpStatusCode.OK, answer.ToJsonString());
        return MarketApp.IdOf(answer["payment_id"]!.GetValue<string>());
    }

    private async Task StepAsync(string payment, string status, decimal paid)
    {
        using var answer = await app.Sandbox.Http.PostAsync($"/control/nowpayments/{payment}", System.Net.Http.Json.JsonContent.Create(new { status, actually_paid = paid }));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What the other services hear of an account.</summary>
    private async Task<IReadOnlyList<SubscriptionChanged>> ChangesAsync(TenantId account) => await app.HeardAsync<SubscriptionChanged>(change => change.TenantId == account.Value);
}
