using System.Net;
using System.Net.Http.Json;
using Dapper;
using Empire.Payments.Ledger.Rebuilding;
using Empire.Payments.Tests.Outside;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Payments.Tests.Ledger;

/// <summary>An account at Stripe that settles in dollars, and payers who pay in euros: each movement is changed at the rate of its own day. The settlement is the sandbox's whole, so these tests share theirs with no others.</summary>
public sealed class ForeignSettlementTests(MarketApp app) : IClassFixture<MarketApp>
{
    [Fact]
    public async Task Charge_refunds_and_a_dispute_that_is_won_each_have_their_own_rate_and_the_difference_is_exchange()
    {
        var payment = await PaidAsync(1.10m);
        Assert.Equal(("110.00", "0.00", "-110.00", "100.00"), await StandsAsync(payment));

        await RateAsync(1.20m);
        Assert.Equal(HttpStatusCode.Created, (await app.PostAsync($"/api/v1/revenue/payments/{payment}/refunds", new { amount = 40 })).Status);
        await UntilAsync(payment, "stripe:movement:%:exchange", 2);
        Assert.Equal(("62.00", "0.00", "-62.00", "60.00"), await StandsAsync(payment));   // 110 - 48

        await RateAsync(1.25m);
        var dispute = await DisputeAsync(payment);
        await UntilAsync(payment, "stripe:movement:%:exchange", 3);
        Assert.Equal(("-13.00", "0.00", "13.00", "0.00"), await StandsAsync(payment));     // 62 - 75
        Assert.Equal(60m, await SumAsync(payment, "held:stripe-disputes", "EUR"));

        await RateAsync(1.05m);
        await CloseAsync(dispute, "won");
        await UntilAsync(payment, "stripe:movement:%:exchange", 4);
        Assert.Equal(("50.00", "0.00", "-50.00", "60.00"), await StandsAsync(payment));   // -13 + 63
        Assert.Equal((0m, 40m, -100m), (await SumAsync(payment, "held:stripe-disputes", "EUR"), await SumAsync(payment, "revenue:refunds", "EUR"), await SumAsync(payment, "revenue:sales", "EUR")));
        await BooksHoldAsync();
    }

    [Fact]
    public async Task A_dispute_that_is_lost_costs_what_the_bank_took_on_that_day()
    {
        var payment = await PaidAsync(1.10m);
        await RateAsync(1.30m);
        var dispute = await DisputeAsync(payment);
        await CloseAsync(dispute, "lost");
        await UntilAsync(payment, "stripe:dispute:%:lost", 1);
        await UntilAsync(payment, "stripe:movement:%:exchange", 2);
        Assert.Equal(("-20.00", "0.00", "20.00", "0.00"), await StandsAsync(payment));
        Assert.Equal((0m, 100m, 15m), (await SumAsync(payment, "held:stripe-disputes", "EUR"), await SumAsync(payment, "cost:dispute-losses", "EUR"), await FeeOfDisputeAsync(payment)));
        await BooksHoldAsync();
    }

    /// <summary>A refund that a person makes at Stripe's own pages, in a currency without decimals, of all there was.</summary>
    [Fact]
    public async Task A_currency_without_decimals_is_changed_whole()
    {
        await RateAsync(0.0067m, "jpy");
        var payment = (await app.PaidAsync(15_000m, "JPY"))["payment_id"]!.GetValue<string>();
        await RateAsync(0.0070m, "jpy");
        await app.StripeAsync("refunds", ("payment_intent", (await app.ReadAsync<string>("select provider_ref from payments where id = @id", new { id = MarketApp.IdOf(payment) }))!));
        await UntilAsync(payment, "stripe:movement:%:exchange", 2);
        Assert.Equal(("-4.50", "0.00", "4.50", "0.00"), await StandsAsync(payment, "JPY"));
        await BooksHoldAsync();
    }

    /// <summary>The webhook of the refund is lost, and comes by the list.</summary>
    [Fact]
    public async Task What_no_webhook_told_is_changed_all_the_same()
    {
        var payment = await PaidAsync(1.10m);
        await RateAsync(1.20m);
        await app.Sandbox.ArmAsync("stripe-webhook", "drop", "#refund.created");
        await app.Sandbox.ArmAsync("stripe-webhook", "drop", "#charge.refunded");
        Assert.Equal(HttpStatusCode.Created, (await app.PostAsync($"/api/v1/revenue/payments/{payment}/refunds", new { amount = 100 })).Status);
        await app.Services.GetRequiredService<Empire.Payments.Intake.Reconciler>().ReconcileAsync(CancellationToken.None);
        await UntilAsync(payment, "stripe:movement:%:exchange", 2);
        Assert.Equal(("-10.00", "0.00", "10.00", "0.00"), await StandsAsync(payment));
        await BooksHoldAsync();
    }

    private async Task<string> PaidAsync(decimal rate)
    {
        await RateAsync(rate);
        var payment = (await app.PaidAsync(100m, "EUR"))["payment_id"]!.GetValue<string>();
        await UntilAsync(payment, "stripe:movement:%:exchange", 1);
        return payment;
    }

    private async Task RateAsync(decimal rate, string currency = "eur")
    {
        using var answer = await app.Sandbox.Http.PutAsJsonAsync("/control/stripe/settlement", new { currency = "usd", rates = new Dictionary<string, decimal> { [currency] = rate } });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<string> DisputeAsync(string payment)
    {
        using var answer = await app.Sandbox.Http.PostAsJsonAsync("/control/stripe/disputes", new { charge = await app.ReadAsync<string>("select charge_ref from payments where id = @id", new { id = MarketApp.IdOf(payment) }) });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<System.Text.Json.Nodes.JsonObject>())!["id"]!.GetValue<string>();
    }

    private async Task CloseAsync(string dispute, string status)
    {
        using var answer = await app.Sandbox.Http.PostAsJsonAsync($"/control/stripe/disputes/{dispute}/close", new { status });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>So many entries of a cause, and nothing under way.</summary>
    private async Task UntilAsync(string payment, string cause, long count)
    {
        await Eventually.EqualAsync(count, () => app.ReadAsync<long>("select count(*) from ledger_entries where payment_id = @id and cause like @cause", new { id = MarketApp.IdOf(payment), cause }));
        await app.SettledAsync();
    }

    /// <summary>Without fees: the cash in dollars and in the payer's currency, and what stands between the two.</summary>
    private async Task<(string Dollars, string Theirs, string Exchange, string ExchangeTheirs)> StandsAsync(string payment, string currency = "EUR") => (
        Text(await SumAsync(payment, "cash:stripe", "USD")), Text(await SumAsync(payment, "cash:stripe", currency)), Text(await SumAsync(payment, "fx:exchange", "USD")), Text(await SumAsync(payment, "fx:exchange", currency)));

    private static string Text(decimal amount) => amount.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);

    private async Task<decimal> SumAsync(string payment, string account, string currency) => await app.ReadAsync<long>(
        "select coalesce(sum(l.micros), 0)::bigint from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.payment_id = @id and l.account = @account and l.currency = @currency and e.cause not like '%:fee' and e.cause not like '%:fee-returned'",
        new { id = MarketApp.IdOf(payment), account, currency }) / 1_000_000m;

    private async Task<decimal> FeeOfDisputeAsync(string payment) => await app.ReadAsync<long>(
        "select coalesce(sum(l.micros), 0)::bigint from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.payment_id = @id and l.account = 'fee:stripe' and l.currency = 'USD' and e.cause like 'stripe:dispute:%'", new { id = MarketApp.IdOf(payment) }) / 1_000_000m;

    /// <summary>Zero in each currency, and the same when made anew from the log.</summary>
    private async Task BooksHoldAsync()
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        Assert.Empty(await owner.QueryAsync<string>("select currency::text from ledger_lines where tenant_id = @tenant group by currency having sum(micros) <> 0", new { tenant = app.Tenant.Value }));
        var made = await app.Services.GetRequiredService<Rebuild>().VerifyAsync(app.Tenant, CancellationToken.None);
        Assert.True(made.Equal, string.Join('\n', made.Differences));
    }
}
