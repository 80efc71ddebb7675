using System.Net;
using Dapper;
using Empire.Payments.Intake;
using Empire.Payments.Tests.Cards;
using Empire.Payments.Tests.Outside;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Empire.Payments.Tests.Intake;

/// <summary>An installation that takes its payments through Flutterwave and in coins, and has neither key nor secret of Stripe.</summary>
public sealed class StripeOffApp : MarketApp
{
    public LoggedApp.Lines Log { get; } = new();

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [.. base.Settings, new("Providers:Stripe:Off", "true"), new("Providers:Stripe:SecretKey", ""), new("Providers:Stripe:WebhookSecret", ""), new("Intake:ReconcileEvery", "1.00:00:00")];

    protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<ILoggerProvider>(Log);
}

public sealed class StripeOffTests(StripeOffApp app) : IClassFixture<StripeOffApp>
{
    [Fact]
    public async Task Its_lists_are_read_by_nobody_and_nobody_is_alarmed()
    {
        await app.Services.GetRequiredService<Reconciler>().ReconcileAsync(CancellationToken.None);
        Assert.DoesNotContain("stripe are not to be had", app.Log.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("stripe cannot be read", app.Log.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Null(await app.ReadAsync<string>("select provider from reconciled_until where provider = 'stripe'"));
        Assert.NotNull(await app.ReadAsync<string>("select provider from reconciled_until where provider = 'flutterwave'"));
    }

    [Fact]
    public async Task What_needs_it_is_answered_so_and_leaves_nothing_behind()
    {
        foreach (var (path, body) in new (string, object)[]
        {
            ("/api/v1/revenue/customers", new { email = "ada@example.com" }),
            ("/api/v1/revenue/payments", new { customer_id = PublicId.Format("cust", Guid.CreateVersion7()), amount = 97m }),
            ("/api/v1/revenue/subscriptions", new { customer_id = PublicId.Format("cust", Guid.CreateVersion7()), price_id = "price_coffee_monthly" }),
            ("/api/v1/revenue/sellers", new { email = "seller@example.com" }),
            ("/api/v1/revenue/billing-portal", new { }),
            ("/api/upgrade", new { email = "ada@example.com", tier = "professional", payment_method = "card" }),
        })
        {
            var (status, problem) = await app.PostAsync(path, body);
            Assert.True(status == HttpStatusCode.NotImplemented && problem["code"]?.ToString() == "PROVIDER_OFF", $"{path}: {status} {problem.ToJsonString()}");
        }
        Assert.Equal(0, await app.ReadAsync<long>("select (select count(*) from customers where account_id is null) + (select count(*) from sellers) + (select count(*) from payments where provider = 'stripe')"));
    }

    /// <summary>There may be no secret that tells a forgery.</summary>
    [Fact]
    public async Task An_event_in_its_name_is_believed_by_no_secret_not_even_an_empty_one()
    {
        using var client = app.CreateClient();
        var id = $"evt_{Guid.CreateVersion7():N}";
        var now = TimeProvider.System.GetUtcNow();
        using var answer = await client.SendAsync(PaymentsApp.StripeWebhook(PaymentsApp.StripeEvent(id, "charge.succeeded", new { id = "ch_forged" }, now), now, secret: ""));
        Assert.Equal(HttpStatusCode.NotImplemented, answer.StatusCode);
        Assert.Equal(0, await app.ReadAsync<long>("select count(*) from provider_events where event_id = @id", new { id }));
    }

    [Fact]
    public async Task A_coupon_is_made_all_the_same_and_says_that_stripe_does_not_have_it()
    {
        var (status, coupon) = await app.PostAsync("/api/v1/revenue/coupons", new { code = "SPRING10", percent_off = 10 });
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.False(coupon["mirrored"]!.GetValue<bool>());
        Assert.StartsWith("Stripe is switched off", coupon["problem"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_to_be_asked_of_it_is_set_aside_at_once_for_a_person()
    {
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync())
            await owner.ExecuteAsync("insert into provider_tasks (provider, task, subject, object_key, occurred_at, due_at) values ('stripe', 'fetch', 'charges/ch_left_over', 'charge:ch_left_over', now(), now())");
        await Eventually.TrueAsync(() => app.ReadAsync<bool>("select parked from provider_tasks where subject = 'charges/ch_left_over'"));
        Assert.Equal(1, await app.ReadAsync<int>("select attempts from provider_tasks where subject = 'charges/ch_left_over'"));
    }
}
