using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Empire.Contracts;
using Empire.Payments.Tests.Outside;
using Empire.Testing;

namespace Empire.Payments.Tests.Subscriptions;

/// <summary>PAY-05 and dunning: each change of a subscription is told, to whoever it concerns.</summary>
public sealed class TellingTests(MarketApp app) : IClassFixture<MarketApp>
{
    private const string Subscriptions = "/api/v1/revenue/subscriptions";
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow().AddMonths(-2).AddDays(-20);

    [Fact]
    public async Task That_it_will_end_and_that_it_goes_on_is_told_with_the_end()
    {
        var now = TimeProvider.System.GetUtcNow();
        var subscriber = await app.SubscriberAsync(now);
        var path = $"{Subscriptions}/{Text(await BeginAsync(subscriber.Id, await app.PriceAsync(4900, "professional")), "subscription_id")}";
        await app.PostAsync($"{path}/cancel", new { });
        await app.PostAsync($"{path}/resume", new { });
        await Eventually.EqualAsync(3, async () => (await ToldAsync(subscriber)).Count);
        var told = await ToldAsync(subscriber);
        Assert.All(told, change => Assert.Equal(("professional", "active"), (change.Tier, change.Status)));
        Assert.Equal((null, true, null), (told[0].EndsAt, told[1].EndsAt > now.AddDays(20), told[2].EndsAt));
        Assert.Equal([false, true, false], (await app.HeardAsync<CustomerSubscriptionChanged>(change => change.CustomerId == MarketApp.IdOf(subscriber.Id) && change.Status == "active")).Select(change => change.CancelAtPeriodEnd));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_customers_renewal_that_fails_is_told_once_and_an_alert_and_whether_they_may_be_mailed(bool mayRemind)
    {
        var seller = TenantId.New(TimeProvider.System.GetUtcNow());
        using var client = app.ClientFor(seller);
        using (var said = await client.PutAsJsonAsync("/api/v1/revenue/billing", new { name = "Harbour Roasters", email = "billing@harbour.example", remind_customers = mayRemind })) Assert.True(said.IsSuccessStatusCode);
        var clock = Text(await app.StripeAsync("test_helpers/test_clocks", ("frozen_time", Start.ToUnixTimeSeconds())), "id");
        var (_, customer) = await app.PostAsync("/api/v1/revenue/customers", new { email = $"{Guid.CreateVersion7():N}@example.com", payment_method = "pm_card_visa", test_clock = clock }, seller);
        var id = Text(customer, "customer_id");
        var begun = await BeginAsync(id, await app.PriceAsync(1200, null), seller);          // it gives no tier
        using (var failing = await client.PutAsJsonAsync($"/api/v1/revenue/customers/{id}/payment-method", new { payment_method = "pm_card_chargeCustomerFail" })) Assert.True(failing.IsSuccessStatusCode);
        await app.StripeAsync($"test_helpers/test_clocks/{clock}/advance", ("frozen_time", Start.AddMonths(1).ToUnixTimeSeconds()));
        await app.StripeAsync($"test_helpers/test_clocks/{clock}/advance", ("frozen_time", Start.AddMonths(1).AddDays(4).ToUnixTimeSeconds()));   // tried again, in vain
        await Eventually.TrueAsync(async () => Text(await app.GetAsync($"{Subscriptions}/{Text(begun, "subscription_id")}", seller), "status") == "past_due");
        await app.SettledAsync();
        var overdue = Assert.Single(await app.HeardAsync<CustomerSubscriptionChanged>(change => change.CustomerId == MarketApp.IdOf(id) && change is { Status: "past_due", Before: not "past_due" }));
        Assert.Equal((seller.Value, false, mayRemind, 12_000_000L, "Harbour Roasters"), (overdue.TenantId, overdue.IsAccount, overdue.MayRemind, overdue.Micros, overdue.SellerName));
        var alert = Assert.Single((await app.GetAsync("/api/v1/revenue/alerts", seller))["data"]!.AsArray());
        Assert.StartsWith($"subscription:{Text(begun, "subscription_id")}:past_due:", Text(alert!, "subject"), StringComparison.Ordinal);
        Assert.Empty(await app.HeardAsync<SubscriptionChanged>(change => change.TenantId == seller.Value));     // the seller's own tier is nobody's renewal
    }

    [Fact]
    public async Task An_account_whose_card_failed_gives_another_by_the_link_of_the_mail_and_is_collected()
    {
        var subscriber = await app.SubscriberAsync(Start);
        var begun = await BeginAsync(subscriber.Id, await app.PriceAsync(4900, "professional"));
        await subscriber.PayWithAsync("pm_card_chargeCustomerFail");
        await subscriber.AdvanceAsync(Start.AddMonths(1));
        await Eventually.TrueAsync(async () => (await ToldAsync(subscriber)).Any(change => change.Status == "past_due"));
        var overdue = (await ToldAsync(subscriber)).Single(change => change.Status == "past_due");
        Assert.Equal("active", overdue.StatusBefore);
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync())                 // of the other mode: a page that leads nowhere any more
            await Dapper.SqlMapper.ExecuteAsync(owner,
                """
                insert into invoices (id, tenant_id, customer_id, number, amount_due_micros, amount_paid_micros, currency, status, lines, told_at, told_by, test, created_at, awaits_payer, hosted_url)
                select gen_random_uuid(), tenant_id, id, 'other', 1, 0, 'USD', 'open', '[]', now(), '', not test, now() + interval '1 day', true, 'https://gone.example/' from customers where id = @id
                """, new { id = MarketApp.IdOf(subscriber.Id) });
        using var browser = app.CreateDefaultClient();                                      // follows nothing
        using (var opened = await browser.GetAsync(new Uri(overdue.BillingPath!, UriKind.Relative)))
        {
            Assert.Equal(HttpStatusCode.Redirect, opened.StatusCode);
            await app.Sandbox.PressAsync(opened.Headers.Location!.AbsolutePath, ("answer", "card"), ("card", "pm_card_mastercard"));
        }
        await subscriber.AdvanceAsync(Start.AddMonths(1).AddDays(9));
        await Eventually.TrueAsync(async () => Text(await app.GetAsync($"{Subscriptions}/{Text(begun, "subscription_id")}"), "status") == "active");
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(new Uri($"/billing/{Guid.CreateVersion7():N}", UriKind.Relative))).StatusCode);

        var (status, own) = await app.PostAsync("/api/v1/revenue/billing-portal", new { }, new(subscriber.Account));
        Assert.Equal(HttpStatusCode.OK, status);
        await app.Sandbox.PressAsync(new Uri(Text(own, "url")).AbsolutePath, ("answer", "cancel"), ("subscription", Text((await app.Sandbox.AllAsync("stripe/subscriptions")).Single(made => Text(made, "customer") == subscriber.Reference), "id")));
        await Eventually.TrueAsync(async () => (await app.GetAsync($"{Subscriptions}/{Text(begun, "subscription_id")}"))["cancel_at_period_end"]!.GetValue<bool>());
        var (none, problem) = await app.PostAsync("/api/v1/revenue/billing-portal", new { }, TenantId.New(TimeProvider.System.GetUtcNow()));
        Assert.Equal((HttpStatusCode.NotFound, "NOTHING_TO_MANAGE"), (none, Text(problem, "code")));
        var (_, customers) = await app.PostAsync($"/api/v1/revenue/customers/{subscriber.Id}/billing-portal", new { });
        Assert.Contains("/stripe/portal/", Text(customers, "url"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_to_billing_is_over_after_its_time()
    {
        var subscriber = await app.SubscriberAsync(Start);
        var key = await app.ReadAsync<Guid>("insert into billing_links (id, tenant_id, customer_id, expires_at) select gen_random_uuid(), tenant_id, id, now() - interval '1 second' from customers where id = @id returning id", new { id = MarketApp.IdOf(subscriber.Id) });
        using var browser = app.CreateDefaultClient();
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(new Uri($"/billing/{key:N}", UriKind.Relative))).StatusCode);
    }

    private Task<IReadOnlyList<SubscriptionChanged>> ToldAsync(Subscriber subscriber) => app.HeardAsync<SubscriptionChanged>(change => change.TenantId == subscriber.Account);

    private async Task<JsonObject> BeginAsync(string customer, string price, TenantId? tenant = null)
    {
        var (status, begun) = await app.PostAsync(Subscriptions, new { customer_id = customer, price_id = price }, tenant);
        Assert.True(status == HttpStatusCode.Created, begun.ToJsonString());
        await Eventually.TrueAsync(async () => Text(await app.GetAsync($"{Subscriptions}/{Text(begun, "subscription_id")}", tenant), "status") == "active");
        return begun;
    }

    private static string Text(JsonNode item, string field) => item[field]?.ToString() ?? throw new InvalidOperationException($"{field} is missing: {item.ToJsonString()}");
}
