using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Empire.Payments.Intake;
using Empire.Payments.Ledger.Rebuilding;
using Empire.Payments.Tests.Outside;
using Empire.Testing;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Payments.Tests.Ledger.Rebuilding;

/// <summary>An installation that tried everything in the sandbox is started again with its providers' live keys.</summary>
public sealed class GoneLiveTests : IAsyncLifetime
{
    private static readonly DateTimeOffset At = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    private readonly MarketApp app = new(); // of each test its own: of the whole books is said that they are a test

    public async ValueTask InitializeAsync()
    {
        await app.InitializeAsync();
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("insert into operator_account (account_id) values (@Value)", new { app.Tenant.Value }); // payouts are booked with whoever runs the installation
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task What_was_paid_in_the_sandbox_is_a_test_in_the_books_made_anew_too()
    {
        await app.PaidAsync(39m);
        var page = await UpgradeAsync("flutterwave");
        await app.Sandbox.PressAsync($"/flutterwave/pay/tx_{page:N}", ("answer", "pay"));
        var coins = await UpgradeAsync("nowpayments");
        using var sent = await app.Sandbox.Http.PostAsync(
            $"/control/nowpayments/{await app.ReadAsync<string>("select provider_ref from payments where id = @coins", new { coins })}",
            JsonContent.Create(new { status = "finished", actually_paid = await app.ReadAsync<decimal>("select pay_amount from payments where id = @coins", new { coins }) }));
        Assert.True(sent.IsSuccessStatusCode, await sent.Content.ReadAsStringAsync());
        foreach (var paid in (Guid[])[page, coins]) await Eventually.EqualAsync("succeeded", () => app.StatusAsync(paid));
        foreach (var told in (ProviderEvent[])[Payout(), Transfer()]) Assert.True(await app.Events.StoreAsync(told, CancellationToken.None));
        await Eventually.EqualAsync(2L, () => app.ReadAsync<long>("select count(*) from ledger_entries where cause in ('stripe:payout:po_live', 'flutterwave:payout:77')"));
        await app.SettledAsync();

        await using var live = Live();
        var made = await live.Services.GetRequiredService<Rebuild>().VerifyAsync(app.Tenant, CancellationToken.None);
        Assert.True(made.Equal, string.Join('\n', made.Differences));
        Assert.Equal("flutterwave, nowpayments, stripe", await app.ReadAsync<string>("select string_agg(distinct split_part(cause, ':', 1), ', ') from ledger_entries where test"));
        Assert.Equal((0L, 0L), await app.ReadAsync<(long, long)>("select (select count(*) from ledger_entries where not test), (select count(*) from provider_events where test is distinct from true)"));
    }

    [Fact]
    public async Task What_was_heard_before_and_is_taken_in_after_is_a_test_all_the_same()
    {
        await using var live = Live();
        var (page, coins) = (await app.DecidedAsync("flutterwave", null, Money.Of(49m, Currency.Usd)), await app.DecidedAsync("nowpayments", "5501", Money.Of(49m, Currency.Usd)));
        var providers = live.Services.GetServices<PaymentProvider>().ToDictionary(provider => provider.Name);
        foreach (var told in (ProviderEvent[])[Paid(page), Finished(coins), Payout(), Transfer()])
            foreach (var fact in providers[told.Provider].Translate(told).Facts) Assert.True(await app.TakeAsync(fact), told.EventId);
        Assert.Equal((6L, 0L), await app.ReadAsync<(long, long)>("select count(*), count(*) filter (where not test) from ledger_entries"));
    }

    /// <summary>The service started again on the same database, with live keys.</summary>
    private WebApplicationFactory<Program> Live() => app.WithWebHostBuilder(builder =>
    {
        foreach (var provider in (string[])["Stripe", "Flutterwave", "NowPayments"]) builder.UseSetting($"Providers:{provider}:Sandbox", "false");
        builder.UseSetting("Providers:Stripe:SecretKey", "sk_live_of_tests").UseSetting("Providers:Flutterwave:SecretKey", "FLWSECK-of-tests");
    });

    private async Task<Guid> UpgradeAsync(string method)
    {
        var (account, email) = (TenantId.New(TimeProvider.System.GetUtcNow()), $"{Guid.CreateVersion7():N}@example.com");
        app.Identity.Accounts[email] = account.Value;
        var (status, answer) = await app.PostAsync("/api/upgrade", new { email, tier = "professional", payment_method = method }, account);
        Assert.True(status == HttpStatusCode.OK, answer.ToJsonString());
        return MarketApp.IdOf(answer["payment_id"]!.GetValue<string>());
    }

    private static ProviderEvent Paid(Guid payment) => Told("flutterwave", "transaction:76:successful", "fetched:transaction", $"tx_{payment:N}", new
    {
        id = 76, tx_ref = $"tx_{payment:N}", amount = 49, app_fee = 1.5m, currency = "USD", status = "successful", created_at = At,
    });

    private static ProviderEvent Transfer() => Told("flutterwave", "transfer:77:SUCCESSFUL", "fetched:transfer", "77", new { id = 77, amount = 20, fee = 1, currency = "USD", status = "SUCCESSFUL", created_at = At });

    private static ProviderEvent Finished(Guid payment) => Told("nowpayments", "5501:finished", "payment.finished", "5501", new
    {
        payment_id = 5501, payment_status = "finished", price_amount = 49, price_currency = "usd", pay_amount = 0.002m, actually_paid = 0.002m, pay_currency = "btc", order_id = $"tx_{payment:N}", updated_at = At.ToUnixTimeMilliseconds(),
    });

    private static ProviderEvent Payout() => Told("stripe", "evt_payout_live", "payout.paid", "po_live", new
    {
        id = "evt_payout_live", type = "payout.paid", created = At.ToUnixTimeSeconds(), livemode = false, data = new { @object = new { id = "po_live", @object = "payout", amount = 1000, currency = "usd", status = "paid", created = At.ToUnixTimeSeconds() } },
    });

    private static ProviderEvent Told(string provider, string id, string kind, string of, object body) => new(provider, id, kind, of, At, JsonSerializer.Serialize(body), EventSource.Fetched, Test: true);
}
