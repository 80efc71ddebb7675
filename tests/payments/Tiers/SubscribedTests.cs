using System.Net;
using Empire.Payments.Facts;
using Empire.Payments.Tests.Outside;
using Empire.Payments.Tiers;

namespace Empire.Payments.Tests.Tiers;

/// <summary>A month that is paid beside a subscription of the same or a higher tier is not lost: it is given when that ends, in whatever order the providers tell of them.</summary>
public sealed class SubscribedTests(MarketApp app) : IClassFixture<MarketApp>
{
    private static readonly Money Price = Money.Of(49m, Currency.Usd);
    private readonly DateTimeOffset start = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().AddDays(-10).ToUnixTimeSeconds());

    [Theory]
    [InlineData("professional", "professional", HttpStatusCode.Conflict)]
    [InlineData("enterprise", "professional", HttpStatusCode.Conflict)]
    [InlineData("professional", "enterprise", HttpStatusCode.OK)]
    public async Task What_a_subscription_gives_already_is_not_sold_beside_it(string subscribed, string wanted, HttpStatusCode expected)
    {
        var (account, email) = (TenantId.New(TimeProvider.System.GetUtcNow()), $"{Guid.CreateVersion7():N}@buyers.example");
        app.Identity.Accounts[email] = account.Value;
        var customer = await CustomerAsync(email, account.Value);
        await TellAsync(customer, start, "active", subscribed);
        var (status, answer) = await AskAsync();
        Assert.True(status == expected, answer.ToJsonString());
        if (expected == HttpStatusCode.OK) return;
        Assert.Equal("urn:empire:subscription-renews", answer["type"]!.GetValue<string>());
        Assert.Contains(subscribed, answer["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(0L, await app.ReadAsync<long>("select count(*) from payments where customer_id = @customer", new { customer }));

        await TellAsync(customer, start.AddDays(1), "active", subscribed, endsAtPeriodEnd: true); // it renews itself no longer: the month follows it
        Assert.Equal(HttpStatusCode.OK, (await AskAsync()).Status);

        Task<(HttpStatusCode Status, System.Text.Json.Nodes.JsonObject Body)> AskAsync() => app.PostAsync("/api/upgrade", new { email, tier = wanted, payment_method = "nowpayments", pay_currency = "btc" }, account);
    }

    [Fact]
    public async Task One_that_begins_while_the_page_is_open_lets_the_month_wait_until_it_ends()
    {
        foreach (var paidFirst in (bool[])[false, true])
        {
            var customer = await CustomerAsync();
            var payment = await app.DecidedAsync("flutterwave", null, Price, "upgrade", customer, "professional");
            var paid = start.AddDays(2);
            if (paidFirst) await PaidAsync(payment, paid);
            await TellAsync(customer, start, "active", "professional");
            if (!paidFirst) await PaidAsync(payment, paid);
            Assert.Equal(PaidTime.Waiting, (await GivenAsync(payment)).From);
            if (!paidFirst) Assert.Contains("is given when that ends", await app.ReadAsync<string>("select message from alerts where subject = @subject", new { subject = $"month-waits:{payment:N}" }), StringComparison.Ordinal);
            var end = start.AddDays(9);
            await TellAsync(customer, end, "canceled", "professional", endedAt: end);
            Assert.Equal((end, end.AddMonths(1)), await GivenAsync(payment));
            Assert.Equal("professional", await app.ReadAsync<string>("select tier from customers where id = @customer", new { customer }));
        }
    }

    [Fact]
    public async Task A_month_that_runs_stands_still_while_a_subscription_does()
    {
        var customer = await CustomerAsync();
        var payment = await app.DecidedAsync("flutterwave", null, Price, "upgrade", customer, "professional");
        await PaidAsync(payment, start);
        await TellAsync(customer, start.AddDays(3), "active", "professional", begun: start.AddDays(3));
        await TellAsync(customer, start.AddDays(7), "canceled", "professional", begun: start.AddDays(3), endedAt: start.AddDays(7));
        Assert.Equal((start, start.AddMonths(1).AddDays(4)), await GivenAsync(payment));
    }

    /// <summary>The subscription was the highest tier for a while, and is a lower one now: what ran before and after it is not counted anew by what it is today.</summary>
    [Fact]
    public async Task What_a_subscription_gave_before_it_changed_counts_as_what_it_was_then_whatever_the_order()
    {
        foreach (var shuffled in (bool[])[false, true])
        {
            var customer = await CustomerAsync();
            var payment = await app.DecidedAsync("flutterwave", null, Price, "upgrade", customer, "enterprise");
            await PaidAsync(payment, start.AddDays(1));
            var told = new (int Day, string Tier)[] { (0, "enterprise"), (4, "professional"), (6, "enterprise"), (8, "professional") };
            foreach (var (day, tier) in shuffled ? [told[3], told[1], told[0], told[2]] : told) await TellAsync(customer, start.AddDays(day), "active", tier);
            // From the fourth to the sixth day it ran, and from the eighth on.
            Assert.Equal((start.AddDays(4), start.AddDays(4).AddMonths(1).AddDays(2)), await GivenAsync(payment));
            Assert.Equal("enterprise", await app.ReadAsync<string>("select tier from customers where id = @customer", new { customer }));
        }
    }

    [Fact]
    public async Task A_subscription_whose_last_payment_was_given_back_lets_the_month_begin()
    {
        var customer = await CustomerAsync();
        var payment = await app.DecidedAsync("flutterwave", null, Price, "upgrade", customer, "professional");
        await TellAsync(customer, start, "active", "professional");
        await PaidAsync(payment, start.AddDays(1));
        await using (var work = await app.Database.BeginAsync(app.Tenant, CancellationToken.None))
        {
            await work.ExecuteAsync("update entitlements set revoked_at = @at where tenant_id = current_tenant() and customer_id = @customer and source = 'subscription'", new { customer, at = start.AddDays(5) });
            await EntitlementTable.JudgePaymentsAsync(work, customer, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }
        Assert.Equal((start.AddDays(5), start.AddDays(5).AddMonths(1)), await GivenAsync(payment));
    }

    private async Task<Guid> CustomerAsync(string? email = null, Guid? account = null)
    {
        var customer = Guid.CreateVersion7();
        await using var work = await app.Database.BeginAsync(app.Tenant, CancellationToken.None);
        await work.ExecuteAsync(
            "insert into customers (id, tenant_id, email, account_id, stripe_id, test, created_at, updated_at) values (@customer, @Tenant, @email, @account, @stripe, true, @Now, @Now)",
            new { customer, work.Tenant, work.Now, email = email ?? $"{customer:N}@example.com", account, stripe = $"cus_{customer:N}" });
        await work.CommitAsync(CancellationToken.None);
        return customer;
    }

    private async Task TellAsync(Guid customer, DateTimeOffset at, string status, string tier, bool endsAtPeriodEnd = false, DateTimeOffset? begun = null, DateTimeOffset? endedAt = null) =>
        Assert.True(await app.TakeAsync(new SubscriptionStands(
            "stripe", at, true, $"evt_{customer:N}_{at.ToUnixTimeSeconds()}_{status}", $"sub_{customer:N}", null, $"cus_{customer:N}", status, "price_1", tier, Price, "month",
            begun ?? start, begun ?? start, (begun ?? start).AddMonths(1), endsAtPeriodEnd, endedAt, endedAt)));

    private async Task PaidAsync(Guid payment, DateTimeOffset at) => Assert.True(await app.TakeAsync(new MoneyArrived("flutterwave", at, true, $"tx_{payment:N}", payment, $"taken_{payment:N}", Price)));

    private async Task<(DateTimeOffset From, DateTimeOffset Until)> GivenAsync(Guid payment) => await app.ReadAsync<(DateTimeOffset, DateTimeOffset)>("select starts_at, ends_at from entitlements where source_id = @payment", new { payment });
}
