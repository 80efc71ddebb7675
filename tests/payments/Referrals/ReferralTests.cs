using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Empire.Contracts;
using Empire.Effects;
using Empire.Messaging;
using Empire.Payments.Ledger.Rebuilding;
using Empire.Payments.Privacy;
using Empire.Payments.Referrals;
using Empire.Payments.Tests.Outside;
using Empire.Payments.Upgrades;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Empire.Payments.Tests.Referrals;

/// <summary>G-7: a customer's code, the reward when somebody whom they sent pays, and what becomes of it.</summary>
public sealed class ReferralTests(MarketApp app) : IClassFixture<MarketApp>
{
    private const string Upgrade = "/api/upgrade";

    private TenantId Operator => new(app.Identity.Operator);

    [Fact]
    public async Task Who_sends_a_customer_that_pays_is_credited_a_month_once_and_the_next_upgrade_takes_it()
    {
        var (referrer, sent) = (await AccountAsync(), await AccountAsync());
        await UpgradedAsync(referrer, "enterprise");
        await UpgradedAsync(sent, "professional", await CodeAsync(referrer));
        Assert.Equal([199m], await CreditAsync(referrer, 199m));
        await UpgradedAsync(sent, "professional"); // only the first one counts
        Assert.Equal(("rewarded", 199m), await SentAsync(referrer));

        var (_, next) = await AskAsync(referrer, "enterprise", null);
        Assert.Equal((0m, 199m, true), (next["amount"]!.GetValue<decimal>(), next["credit"]!.GetValue<decimal>(), next["payment_url"] is null));
        var id = MarketApp.IdOf(Text(next, "payment_id"));
        Assert.Equal("succeeded", await app.StatusAsync(id));
        Assert.Equal((199m, -199m), (await LineAsync(id, "payable:customer-credit"), await LineAsync(id, "revenue:subscription")));
        Assert.Empty(await CreditAsync(referrer, null));
        await RebuiltAsync();
    }

    [Fact]
    public async Task A_credit_smaller_than_the_price_is_taken_off_it_and_an_expired_page_gives_it_back()
    {
        var (referrer, sent) = (await AccountAsync(), await AccountAsync());
        await UpgradedAsync(sent, "professional", await CodeAsync(referrer)); // a referrer without a tier: a month of the cheapest
        Assert.Equal([49m], await CreditAsync(referrer, 49m));
        var (_, first) = await AskAsync(referrer, "enterprise", null, "stripe");
        Assert.Equal((150m, 49m), (first["amount"]!.GetValue<decimal>(), first["credit"]!.GetValue<decimal>()));
        var (_, second) = await AskAsync(referrer, "enterprise", null);
        Assert.Equal((199m, 0m), (second["amount"]!.GetValue<decimal>(), second["credit"]!.GetValue<decimal>())); // it is held
        var session = Assert.Single(await app.Sandbox.AllAsync("stripe/checkout.sessions"), made => made["client_reference_id"]?.GetValue<string>() == Text(first, "payment_id"));
        using (var expired = await app.Sandbox.Http.PostAsync($"/stripe/v1/checkout/sessions/{Text(session, "id")}/expire", null)) Assert.True(expired.IsSuccessStatusCode);
        await Eventually.EqualAsync("expired", () => app.StatusAsync(MarketApp.IdOf(Text(first, "payment_id"))));
        var (_, third) = await AskAsync(referrer, "enterprise", null);
        Assert.Equal((150m, 49m), (third["amount"]!.GetValue<decimal>(), third["credit"]!.GetValue<decimal>()));
        await PayAsync(third);
        var id = MarketApp.IdOf(Text(third, "payment_id"));
        Assert.Equal((49m, -199m, 150m), (await LineAsync(id, "payable:customer-credit"), await LineAsync(id, "revenue:subscription"), await LineAsync(id, "cash:flutterwave", "captured")));
        await RebuiltAsync();
    }

    [Fact]
    public async Task A_page_holds_credit_until_two_days_after_it_was_opened_and_always_while_it_may_come_to_be_opened()
    {
        var referrer = await CreditedAsync();
        var (_, first) = await AskAsync(referrer, "enterprise", null);
        Assert.Equal(49m, first["credit"]!.GetValue<decimal>());
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        async Task<decimal> NextAsync(string state, string? settled)
        {
            await Dapper.SqlMapper.ExecuteAsync(owner, "update kernel.effects set state = @state, settled_at = now() - @settled::interval where key = @key", new { state, settled, key = Text(first, "payment_id") });
            return (await AskAsync(referrer, "enterprise", null)).Body["credit"]!.GetValue<decimal>();
        }
        await Dapper.SqlMapper.ExecuteAsync(owner, "update payments set created_at = created_at - interval '5 days' where id = @id", new { id = MarketApp.IdOf(Text(first, "payment_id")) });
        Assert.Equal(0m, await NextAsync("held", null));
        Assert.Equal(0m, await NextAsync("succeeded", "47 hours"));
        Assert.Equal(49m, await NextAsync("succeeded", "48 hours"));
    }

    /// <summary>Whatever was open, over and paid after all, in whichever order: each takes what it was told to, and what there was not is owed, and shown.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task Pages_that_are_paid_when_their_credit_was_spent_elsewhere_leave_what_is_owed(int seed)
    {
        var (random, referrer) = (new Random(seed), await CreditedAsync());
        List<JsonObject> pages = [];
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        for (var page = 0; page < 4; page++)
        {
            pages.Add((await AskAsync(referrer, "enterprise", null)).Body);
            await Dapper.SqlMapper.ExecuteAsync(owner, "update kernel.effects set settled_at = settled_at - interval '3 days' where key = @key; update payments set created_at = created_at - interval '3 days' where id = @id",
                new { key = Text(pages[^1], "payment_id"), id = MarketApp.IdOf(Text(pages[^1], "payment_id")) });
        }
        Assert.All(pages, page => Assert.Equal((150m, 49m), (page["amount"]!.GetValue<decimal>(), page["credit"]!.GetValue<decimal>())));
        var paid = pages.ToArray();
        random.Shuffle(paid);
        await Task.WhenAll(paid[..2].Select(PayAsync));
        foreach (var page in paid[2..]) await PayAsync(page);
        var ids = pages.Select(page => MarketApp.IdOf(Text(page, "payment_id"))).ToArray();
        Assert.Equal((4 * 49m, 4 * -199m), (await app.ReadAsync<decimal>(
            "select sum(l.micros) / 1000000.0 from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.payment_id = any (@ids) and l.account = 'payable:customer-credit'", new { ids }), await app.ReadAsync<decimal>(
            "select sum(l.micros) / 1000000.0 from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.payment_id = any (@ids) and l.account = 'revenue:subscription'", new { ids })));
        Assert.Equal(3, await app.ReadAsync<long>("select count(*) from alerts where subject = any (@subjects)", new { subjects = ids.Select(id => $"credit-spent:{id:N}").ToArray() }));
        Assert.Equal([-147m], await CreditAsync(referrer, null));
        await RebuiltAsync();
    }

    [Theory, InlineData("failed"), InlineData("partially_paid")]
    public async Task Coins_that_fail_or_stay_a_part_for_a_month_hold_no_credit(string ends)
    {
        var (referrer, sent) = (await AccountAsync(), await AccountAsync());
        await UpgradedAsync(sent, "professional", await CodeAsync(referrer));
        Assert.Equal([49m], await CreditAsync(referrer, 49m));
        var (_, first) = await AskAsync(referrer, "enterprise", null, "nowpayments");
        Assert.Equal((150m, 49m), (first["amount"]!.GetValue<decimal>(), first["credit"]!.GetValue<decimal>()));
        var payment = MarketApp.IdOf(Text(first, "payment_id"));
        var reference = await app.ReadAsync<string>("select provider_ref from payments where id = @payment", new { payment });
        using (var told = await app.Sandbox.Http.PostAsJsonAsync($"/control/nowpayments/{reference}", new { status = ends })) Assert.True(told.IsSuccessStatusCode);
        await Eventually.EqualAsync(ends, () => app.StatusAsync(payment));
        if (ends == "partially_paid")
            await using (var owner = await app.TestDatabase.OpenAsOwnerAsync())
                await Dapper.SqlMapper.ExecuteAsync(owner, "update payments set created_at = now() - interval '31 days' where id = @payment", new { payment });
        var (_, second) = await AskAsync(referrer, "enterprise", null);
        Assert.Equal(ends == "failed" ? 49m : 49m + 75m, second["credit"]!.GetValue<decimal>()); // and the part is credit too
    }

    [Fact]
    public async Task Of_two_upgrades_at_once_one_takes_the_credit()
    {
        var (referrer, sent) = (await AccountAsync(), await AccountAsync());
        await UpgradedAsync(sent, "professional", await CodeAsync(referrer));
        await CreditAsync(referrer, 49m);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => AskAsync(referrer, "enterprise", null)));
        Assert.Equal(49m, answers.Sum(answer => answer.Body["credit"]!.GetValue<decimal>()));
    }

    [Fact]
    public async Task A_first_payment_that_is_given_back_takes_an_unspent_credit_back_and_leaves_a_spent_one()
    {
        foreach (var spent in (bool[])[false, true])
        {
            var (referrer, sent) = (await AccountAsync(), await AccountAsync());
            var payment = await UpgradedAsync(sent, "professional", await CodeAsync(referrer));
            await CreditAsync(referrer, 49m);
            if (spent) Assert.Equal(0m, (await AskAsync(referrer, "professional", null)).Body["amount"]!.GetValue<decimal>());
            var (status, refund) = await app.PostAsync($"/api/v1/revenue/payments/{payment}/refunds", new { }, Operator);
            Assert.True(status == HttpStatusCode.Created, refund.ToJsonString());
            await Eventually.EqualAsync(spent ? "kept" : "taken_back", async () => (await SentAsync(referrer)).Status);
            Assert.Empty(await CreditAsync(referrer, null));
        }
        await RebuiltAsync();
    }

    [Theory]
    [InlineData("lost", "taken_back", 0)]
    [InlineData("won", "rewarded", 49)]
    public async Task A_first_payment_that_the_payers_bank_takes_for_good_takes_the_reward_back(string outcome, string status, int credit)
    {
        var (referrer, sent) = (await app.CustomerAsync(method: null), await app.CustomerAsync("pm_card_createDispute"));
        await ReferAsync(sent, referrer);
        var payment = MarketApp.IdOf(Text(await app.PaidAsync(20m, customer: sent), "payment_id"));
        await Eventually.EqualAsync("rewarded", async () => (await SentOfAsync(referrer)).Status);
        string? dispute = null;
        await Eventually.TrueAsync(async () => (dispute = await app.ReadAsync<string>("select provider_ref from disputes where payment_id = @payment", new { payment })) is not null);
        using (var closed = await app.Sandbox.Http.PostAsJsonAsync($"/control/stripe/disputes/{dispute}/close", new { status = outcome })) closed.EnsureSuccessStatusCode();
        await Eventually.EqualAsync(outcome, () => app.ReadAsync<string>("select status from disputes where payment_id = @payment", new { payment }));
        await Eventually.EqualAsync(status, async () => (await SentOfAsync(referrer)).Status);
        Assert.Equal(credit, (await app.GetAsync($"/api/v1/revenue/customers/{referrer}/referral"))["credit"]!.AsArray().Sum(amount => amount!["value"]!.GetValue<decimal>()));
    }

    [Fact]
    public async Task Heard_after_its_refund_a_payment_rewards_nobody_and_heard_twice_it_rewards_once()
    {
        var (referrer, sent) = (await app.CustomerAsync(method: null), await app.CustomerAsync());
        await ReferAsync(sent, referrer);
        var payment = await app.PaidAsync(20m, customer: sent);
        await Eventually.EqualAsync("rewarded", async () => (await SentOfAsync(referrer)).Status);
        var told = (await app.HeardAsync<PaymentSucceeded>(fact => fact.PaymentId == MarketApp.IdOf(Text(payment, "payment_id"))))[0];
        await HearAsync(new RewardReferral(app.Services.GetRequiredService<IOptions<PriceBook>>()), told);
        Assert.Equal([49m], (await app.GetAsync($"/api/v1/revenue/customers/{referrer}/referral"))["credit"]!.AsArray().Select(amount => amount!["value"]!.GetValue<decimal>()));

        var (second, late) = (await app.CustomerAsync(method: null), await app.CustomerAsync());
        await ReferAsync(late, second);
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync()) // the order of the two queues
            await Dapper.SqlMapper.ExecuteAsync(owner, "update referrals set status = 'kept' where id = @id", new { id = MarketApp.IdOf(late) });
        var refunded = await app.PaidAsync(20m, customer: late);
        await app.PostAsync($"/api/v1/revenue/payments/{Text(refunded, "payment_id")}/refunds", new { });
        var facts = await app.HeardAsync<PaymentSucceeded>(fact => fact.PaymentId == MarketApp.IdOf(Text(refunded, "payment_id")));
        await Eventually.EqualAsync("succeeded", () => app.ReadAsync<string>("select status from refunds where payment_id = @id", new { id = MarketApp.IdOf(Text(refunded, "payment_id")) }));
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync())
            await Dapper.SqlMapper.ExecuteAsync(owner, "update referrals set status = 'waiting' where id = @id", new { id = MarketApp.IdOf(late) });
        await HearAsync(new RewardReferral(app.Services.GetRequiredService<IOptions<PriceBook>>()), facts[0]);
        Assert.Equal("taken_back", (await SentOfAsync(second)).Status);
    }

    [Fact]
    public async Task Who_subscribes_at_stripe_has_the_credit_there_and_the_next_invoice_takes_it()
    {
        var start = TimeProvider.System.GetUtcNow().AddMonths(-2).AddDays(-20);
        var (subscriber, price) = (await app.SubscriberAsync(start), await app.PriceAsync(4900, "professional"));
        var (status, begun) = await app.PostAsync("/api/v1/revenue/subscriptions", new { customer_id = subscriber.Id, price_id = price });
        Assert.True(status == HttpStatusCode.Created, begun.ToJsonString());
        var sent = await app.CustomerAsync();
        await ReferAsync(sent, subscriber.Id);
        await app.PaidAsync(20m, customer: sent);
        await app.UntilAsync($"/api/v1/revenue/customers/{subscriber.Id}/referral", view => view["credit_at_stripe"]!.AsArray() is [var one] && one!["value"]!.GetValue<decimal>() == 49m);
        await Eventually.EqualAsync(-4900, async () => (await app.StripeAsync($"customers/{subscriber.Reference}"))["balance"]!.GetValue<int>());
        await subscriber.AdvanceAsync(start.AddMonths(1));
        await app.UntilAsync($"/api/v1/revenue/customers/{subscriber.Id}/referral", view => view["credit_at_stripe"]!.AsArray().Count == 0);
        var invoices = (await app.UntilAsync($"/api/v1/revenue/invoices?subscription_id={Text(begun, "subscription_id")}", list => list["data"]!.AsArray() is [var last, _] && Text(last!, "status") == "paid"))["data"]!.AsArray();
        Assert.Equal([0m, 49m], invoices.Select(invoice => invoice!["amount_paid"]!.GetValue<decimal>()));
        Assert.Equal(-98m, await app.ReadAsync<decimal>(
            "select sum(l.micros) / 1000000.0 from ledger_entries e join ledger_lines l on l.entry_id = e.id where e.customer_id = @id and l.account = 'revenue:subscription'", new { id = MarketApp.IdOf(subscriber.Id) }));
        await RebuiltAsync(app.Tenant);
    }

    [Fact]
    public async Task Given_back_the_credit_at_stripe_is_taken_back_there()
    {
        var start = TimeProvider.System.GetUtcNow().AddMonths(-2).AddDays(-20);
        var subscriber = await app.SubscriberAsync(start);
        await app.PostAsync("/api/v1/revenue/subscriptions", new { customer_id = subscriber.Id, price_id = await app.PriceAsync(4900, "professional") });
        var sent = await app.CustomerAsync();
        await ReferAsync(sent, subscriber.Id);
        await app.Sandbox.ArmAsync("stripe", "cut_after", "/balance_transactions", method: "POST"); // its answer is lost; it is found by our id on it
        var payment = await app.PaidAsync(20m, customer: sent);
        await Eventually.EqualAsync(-4900, async () => (await app.StripeAsync($"customers/{subscriber.Reference}"))["balance"]!.GetValue<int>());
        await app.PostAsync($"/api/v1/revenue/payments/{Text(payment, "payment_id")}/refunds", new { });
        await Eventually.EqualAsync("taken_back", async () => (await SentOfAsync(subscriber.Id)).Status);
        Assert.Equal(0, (await app.StripeAsync($"customers/{subscriber.Reference}"))["balance"]!.GetValue<int>());
        Assert.Empty((await app.GetAsync($"/api/v1/revenue/customers/{subscriber.Id}/referral"))["credit_at_stripe"]!.AsArray());
        Assert.Equal(2, (await app.StripeAsync($"customers/{subscriber.Reference}/balance_transactions"))["data"]!.AsArray().Count);
    }

    [Fact]
    public async Task What_is_left_of_a_reward_at_stripe_comes_back_when_the_last_subscription_has_ended_and_is_for_the_next_upgrade()
    {
        var start = TimeProvider.System.GetUtcNow().AddMonths(-2).AddDays(-20);
        var (subscriber, begun, _) = await RewardedAtStripeAsync(start);
        var path = $"/api/v1/revenue/subscriptions/{Text(begun, "subscription_id")}";
        var (status, second) = await app.PostAsync("/api/v1/revenue/subscriptions", new { customer_id = subscriber.Id, price_id = await app.PriceAsync(100_00, null), trial_days = 90 });
        Assert.True(status == HttpStatusCode.Created, second.ToJsonString());
        await app.PostAsync($"{path}/price", new { price_id = await app.PriceAsync(2000, "professional"), proration = "none" });
        await subscriber.AdvanceAsync(start.AddMonths(1));
        await Eventually.EqualAsync(-2900, () => BalanceAsync(subscriber)); // the next invoice took a part
        await app.PostAsync($"{path}/cancel", new { at_period_end = false });
        await app.SettledAsync();
        Assert.Equal(-2900, await BalanceAsync(subscriber)); // another one goes on
        await app.PostAsync($"/api/v1/revenue/subscriptions/{Text(second, "subscription_id")}/cancel", new { at_period_end = false });
        var view = await app.UntilAsync($"/api/v1/revenue/customers/{subscriber.Id}/referral", read => read["credit"]!.AsArray() is [var one] && one!["value"]!.GetValue<decimal>() == 29m);
        Assert.Empty(view["credit_at_stripe"]!.AsArray());
        Assert.Equal(0, await BalanceAsync(subscriber));
        await RebuiltAsync(app.Tenant);
    }

    /// <summary>Of 98 there an invoice has taken 49: each of the two rewards alone finds 49 left.</summary>
    [Fact]
    public async Task Of_two_rewards_that_come_back_from_stripe_no_two_take_the_same()
    {
        var start = TimeProvider.System.GetUtcNow().AddMonths(-2).AddDays(-20);
        var (subscriber, begun, _) = await RewardedAtStripeAsync(start);
        var sent = await app.CustomerAsync();
        await ReferAsync(sent, subscriber.Id);
        await app.PaidAsync(20m, customer: sent);
        await Eventually.EqualAsync(-9800, () => BalanceAsync(subscriber));
        await subscriber.AdvanceAsync(start.AddMonths(1));
        await Eventually.EqualAsync(-4900, () => BalanceAsync(subscriber));
        await app.Sandbox.ArmAsync("stripe", "latency", "/balance_transactions", 2, "POST", 1000); // both have asked what is left before either has taken it
        await app.PostAsync($"/api/v1/revenue/subscriptions/{Text(begun, "subscription_id")}/cancel", new { at_period_end = false });
        await Eventually.EqualAsync(2L, () => app.ReadAsync<long>(
            "select count(*) from kernel.effects where kind = @Kind and intent ->> 'customerId' = @id and intent ->> 'act' = 'return' and state in ('succeeded', 'rejected')", new { MoveCredit.Kind, id = $"{MarketApp.IdOf(subscriber.Id)}" }));
        Assert.Equal(0, await BalanceAsync(subscriber));
        Assert.Equal([49m], (await app.GetAsync($"/api/v1/revenue/customers/{subscriber.Id}/referral"))["credit"]!.AsArray().Select(amount => amount!["value"]!.GetValue<decimal>()));
        await RebuiltAsync(app.Tenant);
    }

    [Fact]
    public async Task Who_had_only_tried_rewards_in_earnest_with_their_first_real_payment_and_once()
    {
        var (referrer, sent) = (await app.CustomerAsync(method: null), await app.CustomerAsync());
        await ReferAsync(sent, referrer);
        var tried = MarketApp.IdOf(Text(await app.PaidAsync(20m, customer: sent), "payment_id"));
        await Eventually.EqualAsync("rewarded", async () => (await SentOfAsync(referrer)).Status);
        var told = (await app.HeardAsync<PaymentSucceeded>(fact => fact.PaymentId == tried))[0];
        Assert.True(told.Test);
        var real = told with { PaymentId = MarketApp.IdOf(Text(await app.PaidAsync(20m, customer: sent), "payment_id")), Test = false };
        foreach (var fact in (PaymentSucceeded[])[told, real, real, told]) await HearAsync(new RewardReferral(app.Services.GetRequiredService<IOptions<PriceBook>>()), fact);
        foreach (var test in (bool[])[true, false])
            Assert.Equal(-49m, await app.ReadAsync<decimal>(
                "select sum(l.micros) / 1000000.0 from ledger_entries e join ledger_lines l on l.entry_id = e.id where e.customer_id = @id and l.account = 'payable:customer-credit' and e.test = @test", new { id = MarketApp.IdOf(referrer), test }));
        Assert.Equal(real.PaymentId, await app.ReadAsync<Guid>("select payment_id from referrals where id = @id and not test and status = 'rewarded'", new { id = MarketApp.IdOf(sent) }));
        await RebuiltAsync(app.Tenant);

        var late = await app.CustomerAsync();                                                // has paid, in test mode alone, before the keys were live
        await app.PaidAsync(20m, customer: late);
        await RefusedAsync(late, await CodeOfAsync(referrer), HttpStatusCode.Conflict);
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync()) await Dapper.SqlMapper.ExecuteAsync(owner, "update customers set test = false where id = @id", new { id = MarketApp.IdOf(late) });
        await ReferAsync(late, referrer);
    }

    [Fact]
    public async Task A_reward_that_came_back_is_taken_back_here_when_its_payment_is_given_back()
    {
        var (subscriber, begun, payment) = await RewardedAtStripeAsync(TimeProvider.System.GetUtcNow().AddMonths(-2).AddDays(-20));
        await app.Sandbox.ArmAsync("stripe", "cut_after", "/balance_transactions", method: "POST"); // its answer is lost; it is found by our id on it
        await app.PostAsync($"/api/v1/revenue/subscriptions/{Text(begun, "subscription_id")}/cancel", new { at_period_end = false });
        await app.UntilAsync($"/api/v1/revenue/customers/{subscriber.Id}/referral", read => read["credit"]!.AsArray() is [var one] && one!["value"]!.GetValue<decimal>() == 49m);
        await app.PostAsync($"/api/v1/revenue/payments/{payment}/refunds", new { });
        await Eventually.EqualAsync("taken_back", async () => (await SentOfAsync(subscriber.Id)).Status);
        var view = await app.GetAsync($"/api/v1/revenue/customers/{subscriber.Id}/referral");
        Assert.Equal((0, 0, 0), (view["credit"]!.AsArray().Count, view["credit_at_stripe"]!.AsArray().Count, await BalanceAsync(subscriber)));
    }

    [Theory, InlineData("cancelled"), InlineData("past_due"), InlineData("live")]
    public async Task Where_no_invoice_will_take_it_or_the_subscription_is_of_the_other_mode_the_reward_stays_here(string why)
    {
        var start = TimeProvider.System.GetUtcNow().AddMonths(-2).AddDays(-20);
        var subscriber = await app.SubscriberAsync(start);
        var (status, begun) = await app.PostAsync("/api/v1/revenue/subscriptions", new { customer_id = subscriber.Id, price_id = await app.PriceAsync(4900, "professional") });
        Assert.True(status == HttpStatusCode.Created, begun.ToJsonString());
        await app.SettledAsync();
        if (why == "cancelled") Assert.True((await app.PostAsync($"/api/v1/revenue/subscriptions/{Text(begun, "subscription_id")}/cancel", new { })).Body["cancel_at_period_end"]!.GetValue<bool>());
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync())
            if (why != "cancelled") await Dapper.SqlMapper.ExecuteAsync(owner, "update subscriptions set status = case when @past then 'past_due' else status end, test = @past where id = @id", new { past = why == "past_due", id = MarketApp.IdOf(Text(begun, "subscription_id")) });
        var sent = await app.CustomerAsync();
        await ReferAsync(sent, subscriber.Id);
        await app.PaidAsync(20m, customer: sent);
        var view = await app.UntilAsync($"/api/v1/revenue/customers/{subscriber.Id}/referral", read => read["credit"]!.AsArray() is [var one] && one!["value"]!.GetValue<decimal>() == 49m);
        Assert.Empty(view["credit_at_stripe"]!.AsArray());
        Assert.Equal(0, await BalanceAsync(subscriber));
    }

    [Fact]
    public async Task A_reward_of_one_mode_is_not_moved_by_a_key_of_the_other()
    {
        var (subscriber, _, _) = await RewardedAtStripeAsync(TimeProvider.System.GetUtcNow().AddDays(-20));
        var referral = await app.ReadAsync<Guid>("select id from referrals where referrer_id = @id", new { id = MarketApp.IdOf(subscriber.Id) });
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync())
            await Dapper.SqlMapper.ExecuteAsync(owner, "update referrals set test = false where id = @referral", new { referral });
        var outcome = await ActivatorUtilities.CreateInstance<MoveCreditHandler>(app.Services).PerformAsync(
            new(referral, app.Tenant, MoveCredit.KeyOf(new() { Id = referral }, MoveCredit.Take), new(referral, MarketApp.IdOf(subscriber.Id), 4900, "USD", MoveCredit.Take), 1, TimeProvider.System.GetUtcNow()), CancellationToken.None);
        Assert.IsType<EffectOutcome.Refused>(outcome);
        Assert.Equal(-4900, await BalanceAsync(subscriber));
    }

    /// <summary>A subscriber whose reward of 49 stands at Stripe.</summary>
    private async Task<(Subscriber Subscriber, JsonObject Subscription, string Payment)> RewardedAtStripeAsync(DateTimeOffset start)
    {
        var subscriber = await app.SubscriberAsync(start);
        var (status, begun) = await app.PostAsync("/api/v1/revenue/subscriptions", new { customer_id = subscriber.Id, price_id = await app.PriceAsync(4900, "professional") });
        Assert.True(status == HttpStatusCode.Created, begun.ToJsonString());
        var sent = await app.CustomerAsync();
        await ReferAsync(sent, subscriber.Id);
        var payment = await app.PaidAsync(20m, customer: sent);
        await Eventually.EqualAsync(-4900, () => BalanceAsync(subscriber));
        return (subscriber, begun, Text(payment, "payment_id"));
    }

    private async Task<int> BalanceAsync(Subscriber subscriber) => (await app.StripeAsync($"customers/{subscriber.Reference}"))["balance"]!.GetValue<int>();

    [Fact]
    public async Task Ones_own_code_and_one_that_is_nobodys_are_400_a_second_code_and_one_after_the_first_payment_are_409()
    {
        var (a, b, c) = (await app.CustomerAsync(method: null), await app.CustomerAsync(), await app.CustomerAsync(method: null));
        foreach (var code in (string[])[await CodeOfAsync(b), "0000000000", "no code"]) await RefusedAsync(b, code, HttpStatusCode.BadRequest);
        await ReferAsync(b, a);
        await ReferAsync(b, a); // said again
        await RefusedAsync(b, await CodeOfAsync(c), HttpStatusCode.Conflict);
        var paid = await app.CustomerAsync();
        await app.PaidAsync(20m, customer: paid);
        await RefusedAsync(paid, await CodeOfAsync(a), HttpStatusCode.Conflict);
        var (status, answer) = await app.PostAsync("/api/v1/revenue/customers", new { email = $"{Guid.CreateVersion7():N}@example.com", referral_code = "ffffffffff" });
        Assert.True(status == HttpStatusCode.BadRequest && answer["errors"]?["referral_code"] is not null, answer.ToJsonString());
        var account = await AccountAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync(account, "professional", await CodeAsync(account))).Status);
    }

    [Fact]
    public async Task A_code_given_at_sign_up_counts_when_the_account_pays()
    {
        var (referrer, sent) = (await AccountAsync(), NewAccount());
        await EnrolAsync(sent, (await CodeAsync(referrer)).ToLowerInvariant());
        await UpgradedAsync(sent, "professional");
        Assert.Equal([49m], await CreditAsync(referrer, 49m));
    }

    /// <summary>While identity was away the enrolling went on trying; the person was forgotten meanwhile.</summary>
    [Fact]
    public async Task An_account_is_not_enrolled_as_a_customer_after_its_person_was_forgotten()
    {
        var (email, account, id) = ($"{Guid.CreateVersion7():n}@people.example", TenantId.New(TimeProvider.System.GetUtcNow()), Guid.CreateVersion7());
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await Dapper.SqlMapper.ExecuteAsync(owner,
            """
            insert into kernel.effects (id, tenant_id, kind, key, intent, state, due_at, planned_at) values (@id, @Value, 'payments.enrol-account', 'late', jsonb_build_object('email', @email), 'running', now() + interval '1 day', now())
            """, new { id, account.Value, email });
        Assert.Null(await new PersonalDataProbe(app.Services, app.Database, account, Guid.CreateVersion7(), email).TryEraseAsync<PersonalData>());
        var outcome = await ActivatorUtilities.CreateInstance<EnrolAccountHandler>(app.Services).PerformAsync(new(id, account, "late", new(account.Value, email, null), 1, TimeProvider.System.GetUtcNow()), CancellationToken.None);
        Assert.IsType<EffectOutcome.Done>(outcome);
        Assert.Equal(0, await app.ReadAsync<long>("select count(*) from customers where email = @email", new { email }));
    }

    [Fact]
    public async Task An_account_that_is_known_from_its_sign_up_is_taken_in_once_when_the_operator_makes_it_a_customer()
    {
        var account = await AccountAsync();
        var code = await CodeAsync(account);
        var wanted = new { email = account.Email, account = true, name = "Ada" };
        var (status, made) = await app.PostAsync("/api/v1/revenue/customers", wanted, Operator);
        Assert.True(status == HttpStatusCode.Created, made.ToJsonString());
        Assert.Equal(("Ada", code), (Text(made, "name"), await CodeAsync(account)));
        Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync("/api/v1/revenue/customers", wanted, Operator)).Status);
    }

    /// <summary>An account whose 49 of credit are for its next upgrades.</summary>
    private async Task<(TenantId Account, string Email)> CreditedAsync()
    {
        var (referrer, sent) = (await AccountAsync(), await AccountAsync());
        await UpgradedAsync(sent, "professional", await CodeAsync(referrer));
        Assert.Equal([49m], await CreditAsync(referrer, 49m));
        return referrer;
    }

    private async Task RefusedAsync(string customer, string code, HttpStatusCode wanted)
    {
        using var client = app.ClientFor(app.Tenant);
        using var answer = await client.PutAsJsonAsync($"/api/v1/revenue/customers/{customer}/referral", new { referral_code = code });
        Assert.True(answer.StatusCode == wanted, await answer.Content.ReadAsStringAsync());
    }

    private async Task ReferAsync(string customer, string referrer)
    {
        using var client = app.ClientFor(app.Tenant);
        using var answer = await client.PutAsJsonAsync($"/api/v1/revenue/customers/{customer}/referral", new { referral_code = await CodeOfAsync(referrer) });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<string> CodeOfAsync(string customer) => Text(await app.GetAsync($"/api/v1/revenue/customers/{customer}/referral"), "code");

    private async Task<(string Status, decimal?)> SentOfAsync(string customer) => Sent(await app.GetAsync($"/api/v1/revenue/customers/{customer}/referral"));

    private static (string Status, decimal?) Sent(JsonObject view) => Assert.Single(view["referrals"]!.AsArray()) is var one ? (Text(one!, "status"), one!["reward"]?.GetValue<decimal>()) : default;

    private async Task<(string Status, decimal?)> SentAsync((TenantId Account, string Email) account) => Sent(await app.GetAsync("/api/v1/revenue/referral", account.Account));

    private async Task<string> CodeAsync((TenantId Account, string Email) account) => Text(await app.GetAsync("/api/v1/revenue/referral", account.Account), "code");

    /// <param name="wanted">Waited for; null: read at once.</param>
    private async Task<decimal[]> CreditAsync((TenantId Account, string Email) account, decimal? wanted)
    {
        decimal[] Of(JsonObject view) => [.. view["credit"]!.AsArray().Select(amount => amount!["value"]!.GetValue<decimal>())];
        decimal[] last = [];
        await Eventually.TrueAsync(async () => (last = Of(await app.GetAsync("/api/v1/revenue/referral", account.Account))) is var read && (wanted is null || read.Contains(wanted.Value)));
        return last;
    }

    private (TenantId Account, string Email) NewAccount()
    {
        var (tenant, email) = (TenantId.New(TimeProvider.System.GetUtcNow()), $"{Guid.CreateVersion7():N}@buyers.example");
        app.Identity.Accounts[email] = tenant.Value;
        return (tenant, email);
    }

    /// <summary>Signed up and known as a customer of the operator.</summary>
    private async Task<(TenantId Account, string Email)> AccountAsync()
    {
        var account = NewAccount();
        await EnrolAsync(account, null);
        return account;
    }

    private async Task EnrolAsync((TenantId Account, string Email) account, string? code)
    {
        await HearAsync(new HearSignUps(), new CustomerSignedUp { TenantId = account.Account.Value, UserId = Guid.CreateVersion7(), Email = account.Email, ReferralCode = code, OccurredAt = TimeProvider.System.GetUtcNow() }, account.Account);
        await Eventually.TrueAsync(async () => await app.ReadAsync<bool>("select exists (select from customers where account_id = @Value) and not exists (select from kernel.effects where tenant_id = @Value and state <> 'succeeded')", new { account.Account.Value }));
    }

    private async Task HearAsync<TEvent>(IHandle<TEvent> handler, TEvent fact, TenantId? tenant = null) where TEvent : class
    {
        await using var work = await app.Database.BeginAsync(tenant ?? app.Tenant, CancellationToken.None);
        await handler.HandleAsync(fact, work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private Task<(HttpStatusCode Status, JsonObject Body)> AskAsync((TenantId Account, string Email) buyer, string tier, string? code, string provider = "flutterwave") =>
        app.PostAsync(Upgrade, new { email = buyer.Email, tier, payment_method = provider, referral_code = code }, buyer.Account);

    private async Task<string> UpgradedAsync((TenantId Account, string Email) buyer, string tier, string? code = null)
    {
        var (status, answer) = await AskAsync(buyer, tier, code);
        Assert.True(status == HttpStatusCode.OK, answer.ToJsonString());
        await PayAsync(answer);
        return Text(answer, "payment_id");
    }

    private async Task PayAsync(JsonObject asked)
    {
        await app.Sandbox.PressAsync(new Uri(Text(asked, "payment_url")).PathAndQuery, ("answer", "pay"));
        await Eventually.EqualAsync("succeeded", () => app.StatusAsync(MarketApp.IdOf(Text(asked, "payment_id"))));
    }

    /// <param name="tenant">Null: the operator's.</param>
    private async Task RebuiltAsync(TenantId? tenant = null)
    {
        await app.SettledAsync();
        var made = await app.Services.GetRequiredService<Rebuild>().VerifyAsync(tenant ?? Operator, CancellationToken.None);
        Assert.True(made.Equal, string.Join('\n', made.Differences));
    }

    private async Task<decimal> LineAsync(Guid payment, string account, string cause = "") => await app.ReadAsync<decimal>(
        "select coalesce(sum(l.micros), 0) / 1000000.0 from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.payment_id = @payment and l.account = @account and e.cause like '%' || @cause", new { payment, account, cause });

    private static string Text(JsonNode row, string name) => row[name]!.GetValue<string>();
}
