using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Empire.Contracts;
using Empire.Payments.Tests.Outside;
using Empire.Testing;

namespace Empire.Payments.Tests.Disputes;

/// <summary>PAY-07: a payer's bank takes money back, and what becomes of it.</summary>
public sealed class DisputeTests(MarketApp app) : IClassFixture<MarketApp>
{
    private const string Disputes = "/api/v1/revenue/disputes";

    [Fact]
    public async Task A_dispute_is_a_row_a_hold_in_the_books_and_an_alert()
    {
        var (payment, dispute) = await DisputedAsync(97m);
        Assert.Equal(("needs_response", "fraudulent", 97m), (Text(dispute, "status"), Text(dispute, "reason"), dispute["amount"]!.GetValue<decimal>()));
        Assert.Equal((97m, 97m - 3.11m - 97m - 15m, 15m), (await LineAsync(payment, "held:stripe-disputes"), await LineAsync(payment, "cash:stripe"), await LineAsync(payment, "fee:stripe") - 3.11m));
        var opened = Assert.Single(await app.HeardAsync<DisputeOpened>(told => told.PaymentId == payment));
        Assert.Equal((97_000_000, true), (opened.Micros, opened.DueBy > opened.OccurredAt));
        Assert.Equal(1, await app.ReadAsync<long>("select count(*) from alerts where tenant_id = @tenant and severity = 'high' and subject = 'dispute:' || (select provider_ref from disputes where payment_id = @payment)", new { tenant = app.Tenant.Value, payment }));
        using var stranger = app.ClientFor(TenantId.New(TimeProvider.System.GetUtcNow()));
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"{Disputes}/{Text(dispute, "dispute_id")}")).StatusCode);
    }

    [Fact]
    public async Task While_the_payers_bank_has_the_money_nothing_can_be_given_back_and_a_dispute_that_is_won_lets_it_be()
    {
        var (payment, _) = await DisputedAsync(30m);
        var path = $"/api/v1/revenue/payments/pay_{payment:N}";
        await RefusedAsync("until the dispute is decided");
        var refunds = (await app.Sandbox.AllAsync("stripe/refunds")).Count;
        await CloseAsync(payment, "won");
        Assert.Equal(30m, (await app.GetAsync(path))["refundable"]!.GetValue<decimal>());
        var (other, _) = await DisputedAsync(31m);
        path = $"/api/v1/revenue/payments/pay_{other:N}";
        await CloseAsync(other, "lost");
        await RefusedAsync("the dispute is lost");
        Assert.Equal(refunds, (await app.Sandbox.AllAsync("stripe/refunds")).Count); // nothing was even asked for

        async Task RefusedAsync(string why)
        {
            Assert.Equal(0m, (await app.GetAsync(path))["refundable"]!.GetValue<decimal>());
            var (status, answer) = await app.PostAsync($"{path}/refunds", new { amount = 5 });
            Assert.Equal((HttpStatusCode.Conflict, "PAYMENT_DISPUTED"), (status, Text(answer, "code")));
            Assert.Contains(why, answer.ToJsonString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Evidence_is_collected_from_what_is_known_and_sent_once_and_a_dispute_won_releases_the_money_and_its_fee()
    {
        var (payment, dispute) = await DisputedAsync(40m);
        var path = $"{Disputes}/{Text(dispute, "dispute_id")}/evidence";
        var known = await app.GetAsync(path);
        Assert.EndsWith("@example.com", Text(known, "customer_email_address"), StringComparison.Ordinal);
        Assert.Equal(("Ada", "A sale"), (Text(known, "customer_name"), Text(known, "product_description")));
        Assert.Contains("paid 40 USD (A sale)", Text(known, "access_activity_log"), StringComparison.Ordinal);
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => app.PostAsync(path, new { uncategorized_text = "The guide was read for an hour." }, key: $"evidence-{payment:N}")));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        var reference = await ReferenceAsync(payment);
        var there = Assert.Single(await app.Sandbox.AllAsync("stripe/disputes"), made => Text(made, "id") == reference);
        Assert.Equal(("under_review", 1, "Ada", "The guide was read for an hour."), (Text(there, "status"), there["evidence_details"]!["submission_count"]!.GetValue<int>(), Text(there["evidence"]!, "customer_name"), Text(there["evidence"]!, "uncategorized_text")));
        Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync(path, new { })).Status);
        await CloseAsync(payment, "won");
        Assert.Equal((0m, 40m - 1.46m, 1.46m), (await LineAsync(payment, "held:stripe-disputes"), await LineAsync(payment, "cash:stripe"), await LineAsync(payment, "fee:stripe")));
        Assert.Equal(0m, await LineAsync(payment, "cost:dispute-losses"));
    }

    [Fact]
    public async Task Of_a_customer_who_paid_often_the_newest_is_sent_as_far_as_stripe_takes_it()
    {
        var (payment, dispute) = await DisputedAsync(40m);
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync())
            await Dapper.SqlMapper.ExecuteAsync(owner,
                """
                insert into payments (id, tenant_id, provider, purpose, customer_id, amount_micros, currency, description, status, captured_at, test, created_at, updated_at)
                select gen_random_uuid(), tenant_id, 'stripe', 'sale', customer_id, n * 1000000, 'USD', 'A course with a rather long name', 'succeeded', captured_at + n * interval '1 minute', true, now(), now()
                from payments, generate_series(1, 1000) as n where id = @payment
                """, new { payment });
        var path = $"{Disputes}/{Text(dispute, "dispute_id")}/evidence";
        var log = Text(await app.GetAsync(path), "access_activity_log");
        var lines = log.Split('\n');
        Assert.InRange(log.Length, 19_000, 20_000);
        Assert.EndsWith("paid 40 USD (A sale)", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("paid 1000 USD (A course with a rather long name)", lines[1], StringComparison.Ordinal);
        Assert.Equal($"and {1001 - (lines.Length - 1)} earlier", lines[^1]);
        var (status, answer) = await app.PostAsync(path, new { });
        Assert.True(status == HttpStatusCode.OK, answer.ToJsonString());
    }

    [Fact]
    public async Task A_dispute_lost_books_the_loss_and_takes_the_tier_that_the_payment_gave()
    {
        var (account, email) = (TenantId.New(TimeProvider.System.GetUtcNow()), $"{Guid.CreateVersion7():N}@buyers.example");
        app.Identity.Accounts[email] = account.Value;
        var (_, asked) = await app.PostAsync("/api/upgrade", new { email, tier = "professional", payment_method = "stripe" }, account);
        await app.Sandbox.PressAsync(new Uri(Text(asked, "payment_url")).AbsolutePath, ("answer", "pay"), ("card", "pm_card_createDispute"));
        var payment = MarketApp.IdOf(Text(asked, "payment_id"));
        await Eventually.EqualAsync(1L, () => app.ReadAsync<long>("select count(*) from disputes where payment_id = @payment", new { payment }));
        await Eventually.EqualAsync("professional", () => TierAsync(account));           // held, not lost
        await CloseAsync(payment, "lost");
        await Eventually.EqualAsync("free", () => TierAsync(account));
        Assert.Equal((0m, 49m), (await LineAsync(payment, "held:stripe-disputes"), await LineAsync(payment, "cost:dispute-losses")));
        Assert.Equal([("professional", "active"), ("free", "cancelled")], (await app.HeardAsync<SubscriptionChanged>(change => change.TenantId == account.Value)).Select(change => (change.Tier, change.Status)));
        Assert.Equal(1, await app.ReadAsync<long>("select count(*) from alerts where subject like @subject", new { subject = $"dispute:{await ReferenceAsync(payment)}:lost" }));
    }

    private async Task<(Guid Payment, JsonObject Dispute)> DisputedAsync(decimal amount)
    {
        var paid = await app.PaidAsync(amount, customer: await app.CustomerAsync("pm_card_createDispute"));
        var payment = MarketApp.IdOf(Text(paid, "payment_id"));
        var list = await app.UntilAsync(Disputes, page => page["data"]!.AsArray().Any(dispute => Text(dispute!, "payment_id") == Text(paid, "payment_id")));
        await Eventually.EqualAsync(2L, () => app.ReadAsync<long>("select count(*) from ledger_entries where payment_id = @payment and cause like 'stripe:dispute:%'", new { payment }));
        return (payment, list["data"]!.AsArray().Single(dispute => Text(dispute!, "payment_id") == Text(paid, "payment_id"))!.AsObject());
    }

    private async Task<string> ReferenceAsync(Guid payment) => (await app.ReadAsync<string>("select provider_ref from disputes where payment_id = @payment", new { payment }))!;

    private async Task CloseAsync(Guid payment, string status)
    {
        using var answer = await app.Sandbox.Http.PostAsJsonAsync($"/control/stripe/disputes/{await ReferenceAsync(payment)}/close", new { status });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        await Eventually.EqualAsync(status, () => app.ReadAsync<string>("select status from disputes where payment_id = @payment", new { payment }));
    }

    private Task<string?> TierAsync(TenantId account) => app.ReadAsync<string>("select tier from customers where account_id = @account", new { account = account.Value });

    /// <summary>Debits less credits of an account by this payment.</summary>
    private async Task<decimal> LineAsync(Guid payment, string account) => await app.ReadAsync<decimal>(
        "select coalesce(sum(l.micros), 0) / 1000000.0 from ledger_lines l join ledger_entries e on e.id = l.entry_id and e.tenant_id = l.tenant_id where e.payment_id = @payment and l.account = @account", new { payment, account });

    private static string Text(JsonNode item, string field) => item[field]?.ToString() ?? throw new InvalidOperationException($"{field} is missing: {item.ToJsonString()}");
}
