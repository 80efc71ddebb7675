using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dapper;
using Empire.Payments.Customers;
using Empire.Payments.Flutterwave;
using Empire.Payments.NowPayments;
using Empire.Payments.Privacy;
using Empire.Payments.Stripe;
using Empire.Payments.Tests.Outside;
using Empire.Payments.Tiers;
using Empire.Testing;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
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

    [Fact]
    public async Task A_card_that_is_given_with_live_keys_makes_a_live_customer_of_an_account_that_signed_up_with_test_keys()
    {
        var (account, email) = (Guid.CreateVersion7(), $"{Guid.CreateVersion7():N}@example.com");
        app.Identity.Accounts[email] = account;
        await using (var work = await app.Database.BeginAsync(app.Tenant, ct))
        {
            await CustomerTable.AddAsync(work, new() { Id = Guid.CreateVersion7(), Email = email, AccountId = account, Test = true, CreatedAt = work.Now }, null, ct);
            work.NothingToAudit();
            await work.CommitAsync(ct);
        }
        var (status, made) = await app.PostAsync("/api/v1/revenue/customers", new { email, account = true, payment_method = "pm_card_visa" });
        Assert.True(status == HttpStatusCode.Created, made.ToJsonString());
        Assert.Equal((false, "4242", true), await app.ReadAsync<(bool, string, bool)>("select test, card_last4, mode_known_of = stripe_id from customers where account_id = @account", new { account }));
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

        await using (var live = Live())
        {
            _ = live.Services;
            await Eventually.TrueAsync(async () => await TestAsync(subscriber) == false && await app.ReadAsync<bool>("select stripe_id is not null from customers where id = @id", new { id = MarketApp.IdOf(subscriber.Id) })); // made at Stripe under the live key
            Assert.Equal("free", await subscriber.TierAsync());
            Assert.Equal(subscriber.Reference, await AsideAsync(subscriber.Id));
            Assert.Null(await app.ReadAsync<string>("select card_last4 from customers where id = @id", new { id = MarketApp.IdOf(subscriber.Id) }));
            Assert.True((await LiveCustomersAsync()).Single(one => one["metadata"]?["empire_customer"]?.GetValue<string>() == $"{MarketApp.IdOf(subscriber.Id):N}")["livemode"]!.GetValue<bool>());
        }
        await Keeper("sk_live_real").KeepAsync(CancellationToken.None); // the next replica
        Assert.Equal(subscriber.Reference, await AsideAsync(subscriber.Id));
        var moved = await app.StripeAsync($"subscriptions/{await app.ReadAsync<string>("select provider_ref from subscriptions where customer_id = @id", new { id = MarketApp.IdOf(subscriber.Id) })}", ("cancel_at_period_end", "true"));
        Assert.True(moved["cancel_at_period_end"]!.GetValue<bool>());
        await Eventually.TrueAsync(() => app.ReadAsync<bool>("select cancel_at_period_end from subscriptions where customer_id = @id", new { id = MarketApp.IdOf(subscriber.Id) })); // its words are still taken in
        Assert.Equal("free", await subscriber.TierAsync());

        await Keeper("sk_test_sandbox").KeepAsync(CancellationToken.None);
        Assert.Equal(("professional", true), (await subscriber.TierAsync(), await TestAsync(subscriber)));
        Assert.Equal((subscriber.Reference, "4242"), (await app.ReadAsync<string>("select stripe_id from customers where id = @id", new { id = MarketApp.IdOf(subscriber.Id) }),
            await app.ReadAsync<string>("select card_last4 from customers where id = @id", new { id = MarketApp.IdOf(subscriber.Id) })));
    }

    [Fact]
    public async Task Whom_todays_key_knows_keeps_their_card_whatever_their_row_says_of_tests()
    {
        var (customer, there) = (Guid.CreateVersion7(), await MadeAsync("sk_live_real"));
        await RowAsync(customer, there, test: true);
        await Keeper("sk_live_real").KeepAsync(CancellationToken.None);
        Assert.Equal((there, "4242", false), await RowAsync(customer));
        Assert.Equal(0, await app.ReadAsync<long>("select count(*) from kernel.effects where kind = 'payments.stripe-customer' and intent ->> 'customerId' = @id", new { id = customer.ToString() }));
        await Keeper("sk_test_sandbox").KeepAsync(CancellationToken.None); // the mode that is known now is what counts
        Assert.Equal(there, await AsideAsync(PublicId.Format(Customer.Prefix, customer)));
    }

    [Fact]
    public async Task Whom_it_does_not_know_is_set_aside_also_where_an_old_process_wrote_them_after_the_change()
    {
        var (before, after, stranger) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var (tried, late) = (await MadeAsync("sk_test_sandbox"), await MadeAsync("sk_test_sandbox"));
        await RowAsync(before, tried, test: true);
        var keeper = Keeper("sk_live_real");
        await keeper.KeepAsync(CancellationToken.None);
        Assert.Equal((null, null, false), await RowAsync(before));
        Assert.Equal(tried, await AsideAsync(PublicId.Format(Customer.Prefix, before)));
        await RowAsync(after, late, test: false);
        await RowAsync(stranger, $"cus_{stranger:N}", test: false); // of another account of Stripe's: in neither mode
        await keeper.KeepAsync(CancellationToken.None);
        Assert.Equal((null, null, false), await RowAsync(after));
        Assert.Equal(late, await AsideAsync(PublicId.Format(Customer.Prefix, after)));
        Assert.Equal(($"cus_{stranger:N}", "4242", false), await RowAsync(stranger));

        await Keeper("sk_test_sandbox").KeepAsync(CancellationToken.None);
        Assert.Equal((late, "4242", true), await RowAsync(after));
        await keeper.KeepAsync(CancellationToken.None); // it has the keys of before
        Assert.Equal((late, "4242", true), await RowAsync(after));
        Assert.True(await app.ReadAsync<bool>("select test from provider_modes where provider = 'stripe'"));
    }

    [Fact]
    public async Task While_Stripe_does_not_answer_nobody_whose_mode_is_not_known_is_moved()
    {
        var (customer, there) = (Guid.CreateVersion7(), await MadeAsync("sk_live_real"));
        await RowAsync(customer, there, test: true);
        await app.Sandbox.ArmAsync("stripe", "500", there, count: 20);
        await Keeper("sk_live_real").KeepAsync(CancellationToken.None);
        Assert.Equal((there, "4242", true), await RowAsync(customer));
        await app.Sandbox.DisarmAsync();
        await Keeper("sk_test_sandbox").KeepAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Cards_of_somebody_forgotten_that_were_set_aside_are_taken_away_when_their_mode_comes_back()
    {
        var ann = await app.SubscriberAsync(TimeProvider.System.GetUtcNow());
        var (id, bob) = (MarketApp.IdOf(ann.Id), $"bob-{ann.Account:N}@people.example");
        app.Identity.Accounts[bob] = ann.Account;
        await Keeper("sk_live_real").KeepAsync(CancellationToken.None);
        await new PersonalDataProbe(app.Services, app.Database, new(ann.Account), Guid.CreateVersion7(), (await app.ReadAsync<string>("select email from customers where id = @id", new { id }))!).TryEraseAsync<PersonalData>();
        var (status, made) = await app.PostAsync("/api/v1/revenue/customers", new { email = bob, account = true, name = "Bob" });
        Assert.True(status == HttpStatusCode.Created, made.ToJsonString());
        await Keeper("sk_test_sandbox").KeepAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => app.ReadAsync<bool>("select stripe_id = @Reference and forgotten_until < 'infinity' from customers where id = @id", new { id, ann.Reference }));
        Assert.Empty((await app.StripeAsync($"customers/{ann.Reference}/payment_methods"))["data"]!.AsArray());
        Assert.Null(await app.ReadAsync<string>("select card_last4 from customers where id = @id", new { id }));
    }

    private WebApplicationFactory<Program> Live() => app.WithWebHostBuilder(builder => builder.UseSetting("Providers:Stripe:Sandbox", "false").UseSetting("Providers:Stripe:SecretKey", "sk_live_real"));

    private ModeKeeper Keeper(string key)
    {
        var stripe = new StripeOptions { SecretKey = key, BaseAddress = new(app.Sandbox.Address, "stripe/") };
        return new(new(stripe, new FlutterwaveOptions { Sandbox = true }, new NowPaymentsOptions { Sandbox = true }), stripe, app.Services.GetRequiredService<IHttpClientFactory>(), app.Database, TimeProvider.System, NullLogger<ModeKeeper>.Instance);
    }

    /// <returns>A customer at Stripe whom a key has made.</returns>
    private async Task<string> MadeAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/stripe/v1/customers") { Headers = { Authorization = new("Bearer", key) }, Content = new FormUrlEncodedContent([new("email", "tries@example.com")]) };
        using var answer = await app.Sandbox.Http.SendAsync(request);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();
    }

    private async Task<IEnumerable<JsonObject>> LiveCustomersAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/stripe/v1/customers?limit=100") { Headers = { Authorization = new("Bearer", "sk_live_real") } };
        using var answer = await app.Sandbox.Http.SendAsync(request);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["data"]!.AsArray().Select(one => one!.AsObject());
    }

    /// <summary>A row as it was written before its mode was kept.</summary>
    private async Task RowAsync(Guid customer, string reference, bool test)
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync(
            "insert into customers (id, tenant_id, email, stripe_id, payment_method, card_brand, card_last4, test, created_at, updated_at) values (@customer, @Value, @email, @reference, 'pm_kept', 'visa', '4242', @test, now(), now())",
            new { customer, app.Tenant.Value, email = $"{customer:N}@example.com", reference, test });
    }

    private Task<(string? Reference, string? LastFour, bool Test)> RowAsync(Guid customer) => app.ReadAsync<(string?, string?, bool)>("select stripe_id, card_last4, test from customers where id = @customer", new { customer });

    private Task<string?> AsideAsync(string customer) => app.ReadAsync<string>("select stripe_id from stripe_customers_aside where customer_id = @id", new { id = MarketApp.IdOf(customer) });

    private Task<bool> TestAsync(Subscriber subscriber) => app.ReadAsync<bool>("select test from customers where id = @id", new { id = MarketApp.IdOf(subscriber.Id) });
}
