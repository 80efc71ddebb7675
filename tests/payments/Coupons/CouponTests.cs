using System.Net;
using System.Text.Json.Nodes;
using Empire.Payments.Tests.Outside;
using Empire.Testing;

namespace Empire.Payments.Tests.Coupons;

/// <summary>Coupons over three providers: what they take off, how often they may be had, and what gives a use back.</summary>
public sealed class CouponTests(MarketApp app) : IClassFixture<MarketApp>
{
    private const string Coupons = "/api/v1/revenue/coupons", Payments = "/api/v1/revenue/payments", Upgrade = "/api/upgrade";

    [Fact]
    public async Task A_percentage_is_taken_off_a_single_payment_and_the_books_hold_what_was_paid()
    {
        var coupon = await MakeAsync(new { code = Word("ten"), percent_off = 10m, max_redemptions = 5 });
        Assert.Equal((10m, true, true, 0), (coupon["percent_off"]!.GetValue<decimal>(), coupon["mirrored"]!.GetValue<bool>(), coupon["active"]!.GetValue<bool>(), coupon["redemptions"]!.GetValue<int>()));
        var (status, payment) = await app.PostAsync(Payments, new { customer_id = await app.CustomerAsync(), amount = 9.99m, coupon = Text(coupon, "code").ToLowerInvariant() });
        Assert.True(status == HttpStatusCode.Created, payment.ToJsonString());
        Assert.Equal((8.99m, 1.00m, Text(coupon, "code")), (payment["amount"]!.GetValue<decimal>(), payment["discount"]!.GetValue<decimal>(), Text(payment, "coupon"))); // 0.999 is rounded half up
        await app.BookedAsync(Text(payment, "payment_id"));
        var id = MarketApp.IdOf(Text(payment, "payment_id"));
        Assert.Equal(-8.99m, await LineAsync(id, "revenue:sales"));
        Assert.Equal(1, await RedemptionsAsync(coupon));
    }

    [Theory]
    [InlineData("flutterwave")]
    [InlineData("nowpayments")]
    [InlineData("stripe")]
    public async Task Of_one_use_that_is_left_twelve_accounts_at_once_get_one(string provider)
    {
        var coupon = await MakeAsync(new { code = Word("one"), amount_off = 9m, currency = "USD", max_redemptions = 1 }, app.Identity.Operator);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => UpgradeAsync(Account(), provider, Text(coupon, "code"))));
        Assert.Equal(11, answers.Count(answer => answer.Status == HttpStatusCode.BadRequest && answer.Body["errors"]!["coupon"] is not null));
        var got = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK).Body;
        Assert.Equal((40m, 9m), (got["amount"]!.GetValue<decimal>(), got["discount"]!.GetValue<decimal>()));
        Assert.Equal(1, await RedemptionsAsync(coupon, app.Identity.Operator));
    }

    [Fact]
    public async Task Stripes_page_shows_the_coupon_and_takes_what_is_left()
    {
        var coupon = await MakeAsync(new { code = Word("page"), percent_off = 33.33m }, app.Identity.Operator);
        var (status, answer) = await UpgradeAsync(Account(), "stripe", Text(coupon, "code"));
        Assert.True(status == HttpStatusCode.OK, answer.ToJsonString());
        Assert.Equal((32.67m, 16.33m), (answer["amount"]!.GetValue<decimal>(), answer["discount"]!.GetValue<decimal>()));
        var id = MarketApp.IdOf(Text(answer, "payment_id"));
        var session = Assert.Single(await app.Sandbox.AllAsync("stripe/checkout.sessions"), made => made["client_reference_id"]?.GetValue<string>() == $"tx_{id:N}");
        Assert.Equal((4900, 3267, 1633), (session["amount_subtotal"]!.GetValue<int>(), session["amount_total"]!.GetValue<int>(), session["total_details"]!["amount_discount"]!.GetValue<int>()));
        await app.Sandbox.PressAsync(new Uri(Text(answer, "payment_url")).AbsolutePath, ("answer", "pay"));
        await Eventually.EqualAsync("succeeded", () => app.StatusAsync(id));
        Assert.Equal(-32.67m, await LineAsync(id, "revenue:subscription"));
    }

    [Fact]
    public async Task A_checkout_that_nobody_pays_in_time_gives_the_use_back()
    {
        var coupon = await MakeAsync(new { code = Word("back"), percent_off = 50m, max_redemptions = 1 }, app.Identity.Operator);
        var (_, first) = await UpgradeAsync(Account(), "stripe", Text(coupon, "code"));
        var session = Assert.Single(await app.Sandbox.AllAsync("stripe/checkout.sessions"), made => made["client_reference_id"]?.GetValue<string>() == Text(first, "payment_id"));
        Assert.Equal(HttpStatusCode.BadRequest, (await UpgradeAsync(Account(), "flutterwave", Text(coupon, "code"))).Status);
        using (var expired = await app.Sandbox.Http.PostAsync($"/stripe/v1/checkout/sessions/{Text(session, "id")}/expire", null)) Assert.True(expired.IsSuccessStatusCode);
        await Eventually.EqualAsync("expired", () => app.StatusAsync(MarketApp.IdOf(Text(first, "payment_id"))));
        Assert.Equal(0, await RedemptionsAsync(coupon, app.Identity.Operator));
        Assert.Equal(HttpStatusCode.OK, (await UpgradeAsync(Account(), "flutterwave", Text(coupon, "code"))).Status);
    }

    [Fact]
    public async Task A_page_of_flutterwaves_that_nobody_pays_for_two_days_holds_no_use_any_more()
    {
        var coupon = await MakeAsync(new { code = Word("day"), percent_off = 50m, max_redemptions = 1 }, app.Identity.Operator);
        var (_, first) = await UpgradeAsync(Account(), "flutterwave", Text(coupon, "code"));
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync())
        {
            Task<int> OpenedAsync(string ago) => Dapper.SqlMapper.ExecuteAsync(owner, "update kernel.effects set settled_at = now() - @ago::interval where key = @key", new { ago, key = Text(first, "payment_id") });
            await Dapper.SqlMapper.ExecuteAsync(owner, "update coupon_redemptions set created_at = created_at - interval '3 days' where id = @id", new { id = MarketApp.IdOf(Text(first, "payment_id")) });
            await OpenedAsync("47 hours");
            Assert.Equal(HttpStatusCode.BadRequest, (await UpgradeAsync(Account(), "nowpayments", Text(coupon, "code"))).Status);
            await OpenedAsync("48 hours");
        }
        Assert.Equal(HttpStatusCode.OK, (await UpgradeAsync(Account(), "nowpayments", Text(coupon, "code"))).Status);
        await app.Sandbox.PressAsync($"/flutterwave/pay/{Text(first, "payment_id")}", ("answer", "pay")); // paid after all, at the price that was agreed
        await Eventually.EqualAsync("succeeded", () => app.StatusAsync(MarketApp.IdOf(Text(first, "payment_id"))));
        Assert.Equal(2, await RedemptionsAsync(coupon, app.Identity.Operator));
    }

    [Fact]
    public async Task For_some_months_it_is_taken_off_by_itself_and_counts_once_and_when_all_is_taken_off_nothing_is_asked()
    {
        var coupon = await MakeAsync(new { code = Word("free"), percent_off = 100m, duration = "repeating", duration_months = 3, max_redemptions = 1 }, app.Identity.Operator);
        var account = Account();
        var (status, first) = await UpgradeAsync(account, "flutterwave", Text(coupon, "code"));
        Assert.True(status == HttpStatusCode.OK, first.ToJsonString());
        Assert.Equal((0m, 49m, true), (first["amount"]!.GetValue<decimal>(), first["discount"]!.GetValue<decimal>(), first["payment_url"] is null));
        Assert.Equal(("succeeded", 0), (await app.StatusAsync(MarketApp.IdOf(Text(first, "payment_id"))), (await app.CausesAsync(MarketApp.IdOf(Text(first, "payment_id")))).Count));
        Assert.Equal(["professional"], (await app.HeardAsync<Empire.Contracts.SubscriptionChanged>(change => change.TenantId == account.Account.Value)).Select(change => change.Tier));
        var (_, second) = await UpgradeAsync(account, "flutterwave", null);
        Assert.Equal(0m, second["amount"]!.GetValue<decimal>());
        Assert.Equal(1, await RedemptionsAsync(coupon, app.Identity.Operator));
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync())
            await Dapper.SqlMapper.ExecuteAsync(owner, "update coupon_redemptions set created_at = created_at - interval '3 months' where id = @id", new { id = MarketApp.IdOf(Text(first, "payment_id")) });
        var (_, third) = await UpgradeAsync(account, "flutterwave", null);
        Assert.Equal(49m, third["amount"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task A_subscription_has_it_on_its_invoice_and_one_that_stripe_would_not_begin_gives_the_use_back()
    {
        var coupon = await MakeAsync(new { code = Word("sub"), amount_off = 10m, currency = "USD", max_redemptions = 1 });
        var customer = await app.CustomerAsync();
        var (refused, answer) = await app.PostAsync("/api/v1/revenue/subscriptions", new { customer_id = customer, price_id = "price_none", coupon = Text(coupon, "code") });
        Assert.Equal((HttpStatusCode.BadRequest, true), (refused, answer["errors"]!["price_id"] is not null));
        Assert.Equal(0, await RedemptionsAsync(coupon));
        var (status, begun) = await app.PostAsync("/api/v1/revenue/subscriptions", new { customer_id = customer, price_id = await app.PriceAsync(4900, null), coupon = Text(coupon, "code") });
        Assert.True(status == HttpStatusCode.Created, begun.ToJsonString());
        var invoices = await app.UntilAsync($"/api/v1/revenue/invoices?subscription_id={Text(begun, "subscription_id")}", list => list["data"]!.AsArray() is [var one] && Text(one!, "status") == "paid");
        var invoice = invoices["data"]!.AsArray()[0]!;
        Assert.Equal(39m, invoice["amount_paid"]!.GetValue<decimal>());
        Assert.Equal(-10m, Assert.Single(invoice["lines"]!.AsArray(), line => Text(line!, "description") == "Discount")!["amount"]!.GetValue<decimal>());
        Assert.Equal(1, await RedemptionsAsync(coupon));
    }

    /// <summary>Whether it is told before the answer is written down, or after.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public async Task A_subscription_whose_first_payment_is_not_made_in_time_gives_the_use_back(bool toldFirst)
    {
        var coupon = await MakeAsync(new { code = Word("inc"), amount_off = 10m, currency = "USD", max_redemptions = 1 });
        var start = TimeProvider.System.GetUtcNow().AddDays(-20);
        var subscriber = await app.SubscriberAsync(start, "pm_card_chargeCustomerFail");
        var (status, begun) = await app.PostAsync("/api/v1/revenue/subscriptions", new { customer_id = subscriber.Id, price_id = await app.PriceAsync(4900, null), coupon = Text(coupon, "code") });
        Assert.True(status == HttpStatusCode.Created, begun.ToJsonString());
        Assert.Equal(1, await RedemptionsAsync(coupon));
        await subscriber.AdvanceAsync(start.AddHours(23));
        await app.UntilAsync($"/api/v1/revenue/subscriptions/{Text(begun, "subscription_id")}", row => Text(row, "status") == "incomplete_expired");
        Assert.Equal(0, await RedemptionsAsync(coupon));
        if (!toldFirst) return;
        await using var work = await app.Database.BeginAsync(app.Tenant, CancellationToken.None);
        var (id, reference) = (MarketApp.IdOf(Text(begun, "subscription_id")), await app.ReadAsync<string>("select provider_ref from subscriptions where id = @id", new { id = MarketApp.IdOf(Text(begun, "subscription_id")) }));
        await Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<Empire.Payments.Subscriptions.SubscriptionActHandler>(app.Services).SettledAsync(
            new(id, Text(begun, "subscription_id"), new(id, MarketApp.IdOf(subscriber.Id), "begin", "price", null, null, Text(coupon, "coupon_id"), null), true, reference, null, work.Now), work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        Assert.Equal(0, await RedemptionsAsync(coupon));
    }

    [Fact]
    public async Task A_coupon_of_another_currency_is_400_also_where_only_stripe_knows_the_price()
    {
        var coupon = await MakeAsync(new { code = Word("eur"), amount_off = 10m, currency = "EUR" });
        var customer = await app.CustomerAsync();
        foreach (var (path, body) in new (string, object)[] { (Payments, new { customer_id = customer, amount = 20m, currency = "USD", coupon = Text(coupon, "code") }), ("/api/v1/revenue/subscriptions", new { customer_id = customer, price_id = await app.PriceAsync(4900, null), coupon = Text(coupon, "code") }) })
        {
            var (status, answer) = await app.PostAsync(path, body);
            Assert.True(status == HttpStatusCode.BadRequest && answer["errors"]?["coupon"] is not null, answer.ToJsonString());
        }
        Assert.Equal(0, await RedemptionsAsync(coupon));
    }

    [Fact]
    public async Task An_unknown_an_ended_and_an_expired_one_and_one_used_before_are_400_and_name_the_field()
    {
        var customer = await app.CustomerAsync();
        var (ended, expired, once) = (await MakeAsync(new { code = Word("ended"), percent_off = 10m }), await MakeAsync(new { code = Word("late"), percent_off = 10m, redeem_by = TimeProvider.System.GetUtcNow().AddHours(1) }), await MakeAsync(new { code = Word("once"), percent_off = 10m }));
        await app.PostAsync($"{Coupons}/{Text(ended, "coupon_id")}/deactivate", new { });
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync())
            await Dapper.SqlMapper.ExecuteAsync(owner, "update coupons set redeem_by = now() - interval '1 second' where id = @id", new { id = MarketApp.IdOf(Text(expired, "coupon_id")) });
        Assert.Equal(HttpStatusCode.Created, (await app.PostAsync(Payments, new { customer_id = customer, amount = 20m, coupon = Text(once, "code") })).Status);
        foreach (var word in (string[])["NO-SUCH-WORD", "?", Text(ended, "code"), Text(expired, "code"), Text(once, "code")])
        {
            var (status, answer) = await app.PostAsync(Payments, new { customer_id = customer, amount = 20m, coupon = word });
            Assert.True(status == HttpStatusCode.BadRequest && answer["errors"]?["coupon"] is not null, $"{word}: {answer.ToJsonString()}");
        }
    }

    [Fact]
    public async Task A_declined_card_gives_the_use_back_and_the_payment_tried_again_takes_it_again()
    {
        var coupon = await MakeAsync(new { code = Word("again"), percent_off = 50m, max_redemptions = 1 });
        var customer = await app.CustomerAsync();
        var (status, declined) = await app.PostAsync(Payments, new { customer_id = customer, amount = 20m, coupon = Text(coupon, "code"), payment_method = "pm_card_chargeDeclined" });
        Assert.Equal(HttpStatusCode.PaymentRequired, status);
        Assert.Equal(0, await RedemptionsAsync(coupon));
        var (again, paid) = await app.PostAsync($"{Payments}/{Text(declined, "payment_id")}/confirm", new { payment_method = "pm_card_visa" });
        Assert.True(again == HttpStatusCode.Created, paid.ToJsonString());
        Assert.Equal((10m, 1), (paid["amount"]!.GetValue<decimal>(), await RedemptionsAsync(coupon)));
    }

    [Fact]
    public async Task Repeated_under_its_key_a_payment_uses_it_once_and_a_coupon_is_made_once()
    {
        var (key, wanted) = (Guid.CreateVersion7().ToString(), new { code = Word("key"), percent_off = 10m });
        var made = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => app.PostAsync(Coupons, wanted, key: key)));
        Assert.Single(made.Select(answer => Text(answer.Body, "coupon_id")).Distinct());
        var payment = new { customer_id = await app.CustomerAsync(), amount = 20m, coupon = wanted.code };
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => app.PostAsync(Payments, payment, key: key + "-pay")));
        Assert.Single(answers.Select(answer => Text(answer.Body, "payment_id")).Distinct());
        Assert.Equal(1, await RedemptionsAsync(made[0].Body));
        Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync(Coupons, wanted)).Status); // its word is taken
    }

    [Theory]
    [InlineData("code", """{"code": "a b", "percent_off": 10}""")]
    [InlineData("percent_off", """{"code": "GOOD"}""")]
    [InlineData("percent_off", """{"code": "GOOD", "percent_off": 10, "amount_off": 1, "currency": "USD"}""")]
    [InlineData("percent_off", """{"code": "GOOD", "percent_off": 0.5}""")]
    [InlineData("percent_off", """{"code": "GOOD", "percent_off": 101}""")]
    [InlineData("currency", """{"code": "GOOD", "amount_off": 1}""")]
    [InlineData("amount_off", """{"code": "GOOD", "amount_off": 0.5, "currency": "JPY"}""")]
    [InlineData("duration", """{"code": "GOOD", "percent_off": 10, "duration": "weekly"}""")]
    [InlineData("duration_months", """{"code": "GOOD", "percent_off": 10, "duration": "repeating"}""")]
    [InlineData("duration_months", """{"code": "GOOD", "percent_off": 10, "duration_months": 2}""")]
    [InlineData("redeem_by", """{"code": "GOOD", "percent_off": 10, "redeem_by": "2020-01-01T00:00:00Z"}""")]
    [InlineData("max_redemptions", """{"code": "GOOD", "percent_off": 10, "max_redemptions": 0}""")]
    public async Task What_is_no_coupon_is_400_and_names_the_field(string field, string body)
    {
        var (status, answer) = await app.PostAsync(Coupons, JsonNode.Parse(body)!);
        Assert.True(status == HttpStatusCode.BadRequest && answer["errors"]?[field] is not null, answer.ToJsonString());
    }

    private async Task<JsonObject> MakeAsync(object wanted, Guid? tenant = null)
    {
        var (status, coupon) = await app.PostAsync(Coupons, wanted, tenant is { } own ? new TenantId(own) : null);
        Assert.True(status == HttpStatusCode.Created, coupon.ToJsonString());
        return coupon;
    }

    private (TenantId Account, string Email) Account()
    {
        var (tenant, email) = (TenantId.New(TimeProvider.System.GetUtcNow()), $"{Guid.CreateVersion7():N}@buyers.example");
        app.Identity.Accounts[email] = tenant.Value;
        return (tenant, email);
    }

    private Task<(HttpStatusCode Status, JsonObject Body)> UpgradeAsync((TenantId Account, string Email) buyer, string provider, string? coupon) =>
        app.PostAsync(Upgrade, new { email = buyer.Email, tier = "professional", payment_method = provider, coupon }, buyer.Account);

    private async Task<int> RedemptionsAsync(JsonObject coupon, Guid? tenant = null) =>
        (await app.GetAsync($"{Coupons}/{Text(coupon, "coupon_id")}", tenant is { } own ? new TenantId(own) : null))["redemptions"]!.GetValue<int>();

    private async Task<decimal> LineAsync(Guid payment, string account) =>
        await app.ReadAsync<decimal>("select coalesce(sum(l.micros), 0) / 1000000.0 from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.payment_id = @payment and l.account = @account", new { payment, account });

    private static string Word(string word) => $"{word}-{Guid.CreateVersion7():N}".ToUpperInvariant();

    private static string Text(JsonNode row, string name) => row[name]!.GetValue<string>();
}
