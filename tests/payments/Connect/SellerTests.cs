using System.Net;
using System.Net.Http.Json;
using Empire.Payments.Charges;
using Empire.Payments.Facts;
using Empire.Payments.Ledger;
using Empire.Payments.Ledger.Rebuilding;
using Empire.Payments.Tests.Outside;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Payments.Tests.Connect;

/// <summary>PAY-17: users who sell through the business, and the share of the platform.</summary>
public sealed class SellerTests(MarketApp app) : IClassFixture<MarketApp>
{
    private const string Sellers = "/api/v1/revenue/sellers", Payments = "/api/v1/revenue/payments";

    [Fact]
    public async Task A_sale_of_100_at_10_percent_is_90_for_the_seller_and_10_for_the_platform_and_once_passed_on_nothing_is_owed()
    {
        var seller = await OpenAsync(10m);
        var customer = await app.CustomerAsync();
        var early = await app.PostAsync(Payments, new { customer_id = customer, amount = 100m, seller_id = seller });
        Assert.Equal(HttpStatusCode.Conflict, early.Status);                             // their on-boarding is not finished
        await OnboardAsync(seller);
        var (status, sale) = await app.PostAsync(Payments, new { customer_id = customer, amount = 100m, seller_id = seller, description = "A guide" });
        Assert.True(status == HttpStatusCode.Created, sale.ToJsonString());
        var payment = MarketApp.IdOf(sale["payment_id"]!.GetValue<string>());
        // captured, its fee, the transfer, the share
        await Eventually.EqualAsync(4L, () => app.ReadAsync<long>("select count(*) from ledger_entries where payment_id = @payment", new { payment }));
        Assert.Equal((-90m, -10m), (await LineAsync(payment, "payable:connected-accounts", "captured"), await LineAsync(payment, "revenue:platform-fee", "captured")));
        Assert.Equal((0m, -10m, 10m - 3.20m), (await LineAsync(payment, "payable:connected-accounts"), await LineAsync(payment, "revenue:platform-fee"), await LineAsync(payment, "cash:stripe")));
    }

    [Theory]
    [InlineData("4")]
    [InlineData("11")]
    [InlineData("7.555")]
    public async Task A_share_outside_5_to_10_percent_is_refused(string percent)
    {
        var (status, answer) = await app.PostAsync(Sellers, new { email = $"{Guid.CreateVersion7():N}@sellers.example", fee_percent = decimal.Parse(percent, System.Globalization.CultureInfo.InvariantCulture) });
        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), (status, answer["code"]!.GetValue<string>()));
        Assert.Contains("fee_percent", answer["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task The_share_is_rounded_to_what_can_be_moved_and_both_parts_are_the_whole()
    {
        var seller = await OpenAsync(7.5m);
        await OnboardAsync(seller);
        var (_, sale) = await app.PostAsync(Payments, new { customer_id = await app.CustomerAsync(), amount = 9.99m, seller_id = seller });
        var payment = MarketApp.IdOf(sale["payment_id"]!.GetValue<string>());
        await Eventually.EqualAsync(4L, () => app.ReadAsync<long>("select count(*) from ledger_entries where payment_id = @payment", new { payment }));
        Assert.Equal((-9.24m, -0.75m, 0m), (await LineAsync(payment, "payable:connected-accounts", "captured"), await LineAsync(payment, "revenue:platform-fee", "captured"), await LineAsync(payment, "payable:connected-accounts")));
    }

    [Theory]
    [InlineData("KWD", "12.35", "1.24")]   // of 1.235: three decimals, of which Stripe moves two
    [InlineData("JPY", "1235", "124")]
    [InlineData("ISK", "1235", "124")]     // none here, and two at Stripe, both zero
    public async Task The_share_is_what_stripe_can_move_in_each_currency(string currency, string asks, string keeps)
    {
        var (amount, share) = (decimal.Parse(asks, System.Globalization.CultureInfo.InvariantCulture), decimal.Parse(keeps, System.Globalization.CultureInfo.InvariantCulture));
        var seller = await OpenAsync(10m);
        await OnboardAsync(seller);
        var (status, sale) = await app.PostAsync(Payments, new { customer_id = await app.CustomerAsync(), amount, currency, seller_id = seller });
        Assert.True(status == HttpStatusCode.Created, sale.ToJsonString());
        Assert.Equal(share, sale["platform_fee"]!.GetValue<decimal>());
        var payment = MarketApp.IdOf(sale["payment_id"]!.GetValue<string>());
        await Eventually.EqualAsync(-share, () => LineAsync(payment, "revenue:platform-fee", "captured"));
        var reference = await app.ReadAsync<string>("select provider_ref from payments where id = @payment", new { payment });
        var asked = Assert.Single(await app.Sandbox.AllAsync("stripe/payment_intents"), intent => intent["id"]!.GetValue<string>() == reference)["application_fee_amount"]!.GetValue<long>();
        Assert.Equal(currency switch { "KWD" => 1240, "ISK" => 12400, _ => 124 }, asked);
    }

    [Fact]
    public async Task A_refund_takes_the_sellers_part_from_the_seller_and_the_platforms_from_the_platform()
    {
        var seller = await OpenAsync(10m);
        await OnboardAsync(seller);
        var (_, sale) = await app.PostAsync(Payments, new { customer_id = await app.CustomerAsync(), amount = 100m, seller_id = seller });
        var payment = MarketApp.IdOf(sale["payment_id"]!.GetValue<string>());
        await Eventually.EqualAsync(4L, () => app.ReadAsync<long>("select count(*) from ledger_entries where payment_id = @payment", new { payment }));
        foreach (var (amount, entries, fee) in new[] { (40m, 7L, -6m), (60m, 10L, 0m) }) // each with what the seller gives back, and what the platform does
        {
            var (status, refund) = await app.PostAsync($"{Payments}/{sale["payment_id"]!.GetValue<string>()}/refunds", new { amount });
            Assert.True(status == HttpStatusCode.Created, refund.ToJsonString());
            await Eventually.EqualAsync(entries, () => app.ReadAsync<long>("select count(*) from ledger_entries where payment_id = @payment", new { payment }));
            Assert.Equal((0m, fee), (await LineAsync(payment, "payable:connected-accounts"), await LineAsync(payment, "revenue:platform-fee")));
        }
        Assert.Equal(-3.20m, await LineAsync(payment, "cash:stripe")); // what Stripe took of the sale, and keeps
        await app.SettledAsync();
        var made = await app.Services.GetRequiredService<Rebuild>().VerifyAsync(app.Tenant, CancellationToken.None);
        Assert.True(made.Equal, string.Join('\n', made.Differences));
    }

    [Fact]
    public async Task A_lost_dispute_takes_the_sellers_part_from_the_seller_as_a_refund_does()
    {
        var seller = await OpenAsync(10m);
        await OnboardAsync(seller);
        var (_, sale) = await app.PostAsync(Payments, new { customer_id = await app.CustomerAsync("pm_card_createDispute"), amount = 100m, seller_id = seller });
        var payment = MarketApp.IdOf(sale["payment_id"]!.GetValue<string>());
        await Eventually.EqualAsync(1L, () => app.ReadAsync<long>("select count(*) from ledger_entries where payment_id = @payment and cause like 'stripe:dispute:%:opened'", new { payment }));
        var dispute = await app.ReadAsync<string>("select provider_ref from disputes where payment_id = @payment", new { payment });
        using var closed = await app.Sandbox.Http.PostAsJsonAsync($"/control/stripe/disputes/{dispute}/close", new { status = "lost" });
        Assert.True(closed.IsSuccessStatusCode, await closed.Content.ReadAsStringAsync());
        await Eventually.EqualAsync(2L, () => app.ReadAsync<long>("select count(*) from ledger_entries where payment_id = @payment and (cause like 'stripe:transfer-reversal:%' or cause like 'stripe:share-refund:%')", new { payment }));
        Assert.Equal((0m, 0m, 0m), (await LineAsync(payment, "payable:connected-accounts"), await LineAsync(payment, "cost:dispute-losses"), await LineAsync(payment, "revenue:platform-fee")));
        Assert.Equal(-3.20m - 15m, await LineAsync(payment, "cash:stripe")); // the platform has lost what Stripe takes, and no more
        await app.SettledAsync();
        var made = await app.Services.GetRequiredService<Rebuild>().VerifyAsync(app.Tenant, CancellationToken.None);
        Assert.True(made.Equal, string.Join('\n', made.Differences));
    }

    /// <summary>As the books were before a seller's part was taken back: the loss stands alone.</summary>
    [Fact]
    public async Task Of_a_dispute_that_was_lost_long_ago_nothing_is_taken_from_the_seller_and_somebody_is_told()
    {
        var seller = await OpenAsync(10m);
        await OnboardAsync(seller);
        var (_, sale) = await app.PostAsync(Payments, new { customer_id = await app.CustomerAsync("pm_card_createDispute"), amount = 100m, seller_id = seller });
        var payment = MarketApp.IdOf(sale["payment_id"]!.GetValue<string>());
        await Eventually.EqualAsync(1L, () => app.ReadAsync<long>("select count(*) from ledger_entries where payment_id = @payment and cause like 'stripe:dispute:%:opened'", new { payment }));
        var (dispute, at) = ((await app.ReadAsync<string>("select provider_ref from disputes where payment_id = @payment", new { payment }))!, new DateTimeOffset(await app.ReadAsync<DateTime>("select opened_at from disputes where payment_id = @payment", new { payment }), TimeSpan.Zero));
        await using (var work = await app.Database.BeginAsync(app.Tenant, CancellationToken.None))
        {
            var lost = new DisputeStands("stripe", at, true, dispute, null, "", Money.Of(100, Currency.Usd), "fraudulent", "lost", null, at, at, null);
            await Book.PostAsync(work, Bookings.Of(lost, (await PaymentTable.FindAsync(work, payment, CancellationToken.None))!.Terms).Single(entry => entry.Cause.EndsWith(":lost", StringComparison.Ordinal)), CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }
        using (var closed = await app.Sandbox.Http.PostAsJsonAsync($"/control/stripe/disputes/{dispute}/close", new { status = "lost" })) closed.EnsureSuccessStatusCode();
        var id = await app.ReadAsync<string>("select 'dispute:dp_' || replace(id::text, '-', '') || ':seller' from disputes where payment_id = @payment", new { payment });
        await Eventually.EqualAsync(1L, () => app.ReadAsync<long>("select count(*) from alerts where severity = 'high' and subject = @id and message like '%never taken back%'", new { id }));
        Assert.Equal((100m, 0m), (await LineAsync(payment, "payable:connected-accounts"), await LineAsync(payment, "cost:dispute-losses"))); // they owe it
        await app.SettledAsync();
        Assert.Equal(0, await app.ReadAsync<long>("select count(*) from kernel.effects where kind = 'payments.stripe-take-back' and 'dispute:' || key || ':seller' = @id", new { id }));
        var made = await app.Services.GetRequiredService<Rebuild>().VerifyAsync(app.Tenant, CancellationToken.None);
        Assert.True(made.Equal, string.Join('\n', made.Differences));
    }

    [Fact]
    public async Task Of_two_reports_of_one_second_neither_is_believed_and_stripes_answer_holds()
    {
        var seller = await OpenAsync(10m);
        await OnboardAsync(seller);
        var reference = await app.ReadAsync<string>("select provider_ref from sellers where id = @id", new { id = MarketApp.IdOf(seller) });
        var at = TimeProvider.System.GetUtcNow().AddMinutes(1);
        foreach (var enabled in (bool[])[false, true])
            foreach (var order in (string[][])[["a", "b"], ["b", "a"]])
            {
                at = at.AddSeconds(2);
                foreach (var id in order)
                {
                    using var webhook = PaymentsApp.StripeWebhook(PaymentsApp.StripeEvent($"evt_{id}_{seller}_{at.ToUnixTimeSeconds()}", "account.updated", new { id = reference, @object = "account", charges_enabled = id == "a" == enabled, payouts_enabled = false, details_submitted = true }, at), TimeProvider.System.GetUtcNow());
                    using var client = app.CreateClient();
                    Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(webhook)).StatusCode);
                }
                await app.UntilAsync($"{Sellers}/{seller}", row => row["charges_enabled"]!.GetValue<bool>() && row["payouts_enabled"]!.GetValue<bool>());
            }
    }

    [Fact]
    public async Task A_seller_of_another_account_is_no_seller_here()
    {
        var seller = await OpenAsync(10m);
        using var stranger = app.ClientFor(TenantId.New(TimeProvider.System.GetUtcNow()));
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"{Sellers}/{seller}")).StatusCode);
        var (status, answer) = await app.PostAsync(Payments, new { customer_id = await app.CustomerAsync(), amount = 5m, seller_id = "seller_0198c0a8000070008000000000000000" });
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("seller_id", answer["errors"]!.AsObject().Select(error => error.Key));
    }

    private async Task<string> OpenAsync(decimal percent)
    {
        var (status, seller) = await app.PostAsync(Sellers, new { email = $"{Guid.CreateVersion7():N}@sellers.example", name = "Grace", fee_percent = percent });
        Assert.True(status == HttpStatusCode.Created, seller.ToJsonString());
        Assert.Equal(("created", false), (seller["status"]!.GetValue<string>(), seller["charges_enabled"]!.GetValue<bool>()));
        return seller["seller_id"]!.GetValue<string>();
    }

    private async Task OnboardAsync(string seller)
    {
        var (status, link) = await app.PostAsync($"{Sellers}/{seller}/onboarding", new { refresh_url = "https://shop.example/again", return_url = "https://shop.example/done" });
        Assert.True(status == HttpStatusCode.OK, link.ToJsonString());
        Assert.True(link["expires_at"]!.GetValue<DateTimeOffset>() > TimeProvider.System.GetUtcNow());
        Assert.Equal("https://shop.example/done", (await app.Sandbox.PressAsync(new Uri(link["url"]!.GetValue<string>()).AbsolutePath, ("answer", "complete")))!.AbsoluteUri);
        await app.UntilAsync($"{Sellers}/{seller}", row => row["charges_enabled"]!.GetValue<bool>() && row["payouts_enabled"]!.GetValue<bool>());
    }

    private async Task<decimal> LineAsync(Guid payment, string account, string cause = "") => await app.ReadAsync<decimal>(
        """
        select coalesce(sum(l.micros), 0) / 1000000.0 from ledger_lines l join ledger_entries e on e.id = l.entry_id and e.tenant_id = l.tenant_id
        where e.payment_id = @payment and l.account = @account and e.cause like '%' || @cause
        """, new { payment, account, cause });
}
