using System.Net;
using Empire.Payments.Flutterwave;
using Empire.Payments.NowPayments;
using Empire.Payments.Stripe;
using Empire.Payments.Tests.Outside;
using Empire.Payments.Tiers;
using Empire.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Empire.Payments.Tests.Tiers;

/// <summary>Stripe is live; the others are still being tried.</summary>
public sealed class LiveStripeApp : MarketApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Providers:Stripe:SecretKey", "sk_live_real"), new("Providers:Stripe:Sandbox", "false")];
}

public sealed class LiveStripeTests(LiveStripeApp app) : IClassFixture<LiveStripeApp>
{
    private static readonly CancellationToken ct = CancellationToken.None;

    [Fact]
    public async Task Where_real_money_is_taken_nothing_is_sold_over_a_provider_in_test_mode()
    {
        app.Identity.Accounts["tries@example.com"] = Guid.CreateVersion7();
        var (status, answer) = await app.PostAsync("/api/upgrade", new { email = "tries@example.com", tier = "enterprise", payment_method = "flutterwave" });
        Assert.Equal((HttpStatusCode.Conflict, "PROVIDER_IN_TEST_MODE"), (status, answer["code"]!.GetValue<string>()));
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/upgrade", new { email = "tries@example.com", tier = "enterprise", payment_method = "stripe" })).Status);
    }

    [Theory]
    [InlineData(true, "free")]
    [InlineData(false, "professional")]
    public async Task Where_real_money_is_taken_what_was_tried_gives_no_tier(bool test, string tier)
    {
        await Eventually.EqualAsync(3L, () => app.ReadAsync<long>("select count(*) from provider_modes"));
        await using var work = await app.Database.BeginAsync(app.Tenant, ct);
        var customer = Guid.CreateVersion7();
        await work.ExecuteAsync(
            """
            insert into customers (id, tenant_id, email, test, created_at, updated_at) values (@customer, @Tenant, @email, false, @Now, @Now);
            insert into entitlements (id, tenant_id, customer_id, tier, source, source_id, starts_at, test) values (@customer, @Tenant, @customer, 'professional', 'payment', @customer, @Now, @test)
            """, new { customer, work.Tenant, work.Now, test, email = $"{customer:N}@example.com" }, ct);
        await TierKeeper.RefreshAsync(work, customer, ct);
        Assert.Equal(tier, await work.QuerySingleAsync<string>("select tier from customers where tenant_id = current_tenant() and id = @customer", new { customer }, ct));
    }
}

/// <summary>An installation is tried with test keys, and then given its live ones.</summary>
public sealed class TestAndLiveTests(MarketApp app) : IClassFixture<MarketApp>
{
    [Fact]
    public async Task What_was_subscribed_for_a_try_ends_when_the_keys_are_live_and_is_there_again_with_the_test_keys()
    {
        var subscriber = await app.SubscriberAsync(TimeProvider.System.GetUtcNow());
        var (status, made) = await app.PostAsync("/api/v1/revenue/subscriptions", new { customer_id = subscriber.Id, price_id = await app.PriceAsync(4900, "professional") });
        Assert.True(status == HttpStatusCode.Created, made.ToJsonString());
        await Eventually.EqualAsync("professional", subscriber.TierAsync);
        await app.PostAsync("/api/v1/revenue/coupons", new { code = "TRIED", percent_off = 50, duration = "once" });

        await KeepAsync("sk_live_real");
        Assert.Equal(("free", false), (await subscriber.TierAsync(), await TestAsync(subscriber)));
        Assert.Equal(subscriber.Reference, await app.ReadAsync<string>("select stripe_id from stripe_customers_aside where customer_id = @id", new { id = MarketApp.IdOf(subscriber.Id) }));
        Assert.Null(await app.ReadAsync<string>("select card_last4 from customers where id = @id", new { id = MarketApp.IdOf(subscriber.Id) }));
        await KeepAsync("sk_live_real"); // the next replica
        await Eventually.TrueAsync(() => app.ReadAsync<bool>("select stripe_id is not null from customers where id = @id", new { id = MarketApp.IdOf(subscriber.Id) })); // made at Stripe under the live key
        var moved = await app.StripeAsync($"subscriptions/{await app.ReadAsync<string>("select provider_ref from subscriptions where customer_id = @id", new { id = MarketApp.IdOf(subscriber.Id) })}", ("cancel_at_period_end", "true"));
        Assert.True(moved["cancel_at_period_end"]!.GetValue<bool>());
        await Eventually.TrueAsync(() => app.ReadAsync<bool>("select cancel_at_period_end from subscriptions where customer_id = @id", new { id = MarketApp.IdOf(subscriber.Id) })); // its words are still taken in
        Assert.Equal("free", await subscriber.TierAsync());

        await KeepAsync("sk_test_sandbox");
        Assert.Equal(("professional", true), (await subscriber.TierAsync(), await TestAsync(subscriber)));
        Assert.Equal((subscriber.Reference, "4242"), (await app.ReadAsync<string>("select stripe_id from customers where id = @id", new { id = MarketApp.IdOf(subscriber.Id) }),
            await app.ReadAsync<string>("select card_last4 from customers where id = @id", new { id = MarketApp.IdOf(subscriber.Id) })));
    }

    private Task KeepAsync(string key) => new ModeKeeper(
        new(new StripeOptions { SecretKey = key }, new FlutterwaveOptions { Sandbox = true }, new NowPaymentsOptions { Sandbox = true }), app.Database, TimeProvider.System, NullLogger<ModeKeeper>.Instance).KeepAsync(CancellationToken.None);

    private Task<bool> TestAsync(Subscriber subscriber) => app.ReadAsync<bool>("select test from customers where id = @id", new { id = MarketApp.IdOf(subscriber.Id) });
}
