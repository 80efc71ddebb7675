using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dapper;
using Empire.Payments.Tests.Outside;
using Empire.Payments.Tiers;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Payments.Tests.Subscriptions;

/// <summary>PAY-04, 05: subscriptions through Stripe's own wire, months passing on its test clocks.</summary>
public sealed class SubscriptionTests(MarketApp app) : IClassFixture<MarketApp>
{
    private const string Subscriptions = "/api/v1/revenue/subscriptions", Invoices = "/api/v1/revenue/invoices";

    /// <summary>So long ago that what these tests let pass is over by now: what a tier is paid for ends by the real time.</summary>
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow().AddMonths(-2).AddDays(-20);

    [Fact]
    public async Task It_begins_active_and_a_month_later_a_second_invoice_is_paid_and_booked()
    {
        var subscriber = await app.SubscriberAsync(Start);
        var begun = await BeginAsync(subscriber, await app.PriceAsync(4900, "professional"));
        Assert.Equal(("active", "professional", 49.00m, "month"), (Text(begun, "status"), Text(begun, "tier"), begun["amount"]!.GetValue<decimal>(), Text(begun, "period")));
        await BookedAsync(subscriber, 1);
        await subscriber.AdvanceAsync(Start.AddMonths(1));
        await BookedAsync(subscriber, 2);
        var invoices = await InvoicesAsync(begun, 2, "paid");
        Assert.All(invoices, invoice => Assert.Equal((49m, 49m), (invoice["amount_due"]!.GetValue<decimal>(), invoice["amount_paid"]!.GetValue<decimal>())));
        Assert.Equal(2, invoices.Select(invoice => Text(invoice, "payment_id")).Distinct().Count());
        foreach (var invoice in invoices) Assert.Equal("succeeded", Text(await app.GetAsync($"/api/v1/revenue/payments/{Text(invoice, "payment_id")}"), "status"));
        await StandsAsync(begun, row => DateTimeOffset.Parse(Text(row, "current_period_end"), null) > Start.AddMonths(1).AddDays(20));
        Assert.Equal([("professional", "active")], await subscriber.ToldAsync());
        Assert.Contains((await app.GetAsync(Subscriptions))["data"]!.AsArray(), row => Text(row!, "subscription_id") == Text(begun, "subscription_id"));
    }

    [Theory]
    [InlineData("price_id", "price_none", null)]
    [InlineData("payment_method", null, "pm_none")]
    public async Task What_stripe_does_not_know_is_400_and_names_the_field(string field, string? price, string? method)
    {
        var subscriber = await app.SubscriberAsync(Start);
        var (status, answer) = await app.PostAsync(Subscriptions, new { customer_id = subscriber.Id, price_id = price ?? await app.PriceAsync(4900, null), payment_method = method });
        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), (status, Text(answer, "code")));
        Assert.Contains(field, answer["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task Asked_four_times_at_once_under_one_key_it_is_begun_once()
    {
        var (subscriber, price, key) = (await app.SubscriberAsync(Start), await app.PriceAsync(4900, "professional"), $"key-{Guid.CreateVersion7():N}");
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.PostAsync(Subscriptions, new { customer_id = subscriber.Id, price_id = price }, key: key)));
        Assert.Single(answers.Select(answer => Text(answer.Body, "subscription_id")).Distinct());
        Assert.Single(await app.Sandbox.AllAsync("stripe/subscriptions"), made => Text(made, "customer") == subscriber.Reference);
    }

    [Fact]
    public async Task Several_who_want_the_same_at_once_without_a_key_are_one_act()
    {
        var subscriber = await app.SubscriberAsync(Start);
        var begun = await BeginAsync(subscriber, await app.PriceAsync(4900, "professional"));
        var higher = await app.PriceAsync(19900, "enterprise");
        using var late = await app.Sandbox.Http.PostAsJsonAsync("/control/faults", new { match = new { provider = "stripe", path_contains = "/subscriptions/" }, kind = "latency", latency_ms = 1500, count = 2 }); // so that they meet
        Assert.True(late.IsSuccessStatusCode);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.PostAsync($"{Subscriptions}/{Text(begun, "subscription_id")}/price", new { price_id = higher, proration = "always_invoice" })));
        Assert.All(answers, answer => Assert.True(answer.Status == HttpStatusCode.OK, answer.Body.ToJsonString()));
        Assert.Equal(1, await app.ReadAsync<long>("select count(*) from kernel.effects where kind = 'payments.stripe-subscription' and intent ->> 'act' = 'change' and intent ->> 'subscriptionId' = @id::text", new { id = MarketApp.IdOf(Text(begun, "subscription_id")) }));
    }

    [Fact]
    public async Task A_higher_price_is_invoiced_for_the_rest_of_the_month_and_a_lower_one_credited_to_the_next()
    {
        var subscriber = await app.SubscriberAsync(Start);
        var (low, high) = (await app.PriceAsync(4900, "professional"), await app.PriceAsync(19900, "enterprise"));
        var begun = await BeginAsync(subscriber, low);
        await subscriber.AdvanceAsync(Start.AddDays(10));
        var (status, changed) = await app.PostAsync($"{Subscriptions}/{Text(begun, "subscription_id")}/price", new { price_id = high, proration = "always_invoice" });
        Assert.Equal((HttpStatusCode.OK, high, "enterprise"), (status, Text(changed, "price_id"), Text(changed, "tier")));
        var proration = (await InvoicesAsync(begun, 2, "paid")).Single(invoice => invoice["lines"]!.AsArray().Any(line => line!["proration"]!.GetValue<bool>()));
        Assert.Equal(2, proration["lines"]!.AsArray().Count);
        Assert.InRange(proration["amount_paid"]!.GetValue<decimal>(), 90m, 110m);      // two thirds of the difference of 150
        await Eventually.EqualAsync("enterprise", subscriber.TierAsync);

        await app.PostAsync($"{Subscriptions}/{Text(begun, "subscription_id")}/price", new { price_id = low });
        await Eventually.EqualAsync("professional", subscriber.TierAsync);
        await subscriber.AdvanceAsync(Start.AddMonths(1));
        var next = (await InvoicesAsync(begun, 3, "paid"))[0];
        Assert.Equal(0m, next["amount_due"]!.GetValue<decimal>());                      // 49 less the rest of 150
        Assert.All(await InvoicesAsync(begun, 3, "paid"), invoice => Assert.Equal(invoice["amount_due"]!.GetValue<decimal>(), invoice["lines"]!.AsArray().Sum(line => line!["amount"]!.GetValue<decimal>())));
        Assert.Equal([("professional", "active"), ("enterprise", "active"), ("professional", "active")], await subscriber.ToldAsync());
    }

    /// <summary>Stripe shows the first ten; the others are a list of their own.</summary>
    [Fact]
    public async Task An_invoice_of_many_lines_has_all_of_them_and_they_add_up()
    {
        var subscriber = await app.SubscriberAsync(Start);
        var prices = (string[])[await app.PriceAsync(4900, "professional"), await app.PriceAsync(5900, "professional")];
        var begun = await BeginAsync(subscriber, prices[0]);
        await subscriber.AdvanceAsync(Start.AddDays(3));
        for (var change = 1; change <= 6; change++) // two lines each
        {
            var (status, changed) = await app.PostAsync($"{Subscriptions}/{Text(begun, "subscription_id")}/price", new { price_id = prices[change % 2] });
            Assert.True(status == HttpStatusCode.OK, changed.ToJsonString());
        }
        await subscriber.AdvanceAsync(Start.AddMonths(1));
        var list = await app.UntilAsync($"{Invoices}?subscription_id={Text(begun, "subscription_id")}", page => page["data"]!.AsArray().Any(invoice => Text(invoice!, "status") == "paid" && invoice!["lines"]!.AsArray().Count > 10));
        var (invoice, lines) = list["data"]!.AsArray().Select(one => (One: one!, Lines: one!["lines"]!.AsArray())).Single(one => one.Lines.Count > 10);
        Assert.Equal(13, lines.Count);
        Assert.Equal(invoice["amount_due"]!.GetValue<decimal>(), lines.Sum(line => line!["amount"]!.GetValue<decimal>()));
    }

    [Fact]
    public async Task Upgraded_four_times_at_once_it_is_upgraded_and_paid_once()
    {
        var subscriber = await app.SubscriberAsync(Start);
        var (low, high) = (await app.PriceAsync(4900, "professional"), await app.PriceAsync(19900, "enterprise"));
        var begun = await BeginAsync(subscriber, low);
        await BookedAsync(subscriber, 1);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.PostAsync($"{Subscriptions}/{Text(begun, "subscription_id")}/price", new { price_id = high, proration = "always_invoice" })));
        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, high), (answer.Status, Text(answer.Body, "price_id"))));
        await BookedAsync(subscriber, 2);
        Assert.Equal([49m, 150m], (await InvoicesAsync(begun, 2, "paid")).Select(invoice => invoice["amount_paid"]!.GetValue<decimal>()).Order());
        Assert.Equal([("professional", "active"), ("enterprise", "active")], await subscriber.ToldAsync());
    }

    [Fact]
    public async Task A_renewal_that_fails_is_past_due_keeps_the_tier_is_told_once_and_a_good_card_mends_it()
    {
        var subscriber = await app.SubscriberAsync(Start);
        var begun = await BeginAsync(subscriber, await app.PriceAsync(4900, "professional"));
        await subscriber.PayWithAsync("pm_card_chargeCustomerFail");
        await subscriber.AdvanceAsync(Start.AddMonths(1));
        await StandsAsync(begun, row => Text(row, "status") == "past_due");
        await subscriber.AdvanceAsync(Start.AddMonths(1).AddDays(4));                    // tried again, in vain
        var open = (await InvoicesAsync(begun, 1, "open")).Single(invoice => Text(invoice, "status") == "open");
        await Eventually.EqualAsync(2, async () => (await app.GetAsync($"{Invoices}/{Text(open, "invoice_id")}"))["attempts"]!.GetValue<int>());
        Assert.Equal("professional", await subscriber.TierAsync());
        Assert.Equal([("professional", "active"), ("professional", "past_due")], await subscriber.ToldAsync());

        await subscriber.PayWithAsync("pm_card_mastercard");
        await subscriber.AdvanceAsync(Start.AddMonths(1).AddDays(9));
        await StandsAsync(begun, row => Text(row, "status") == "active");
        await InvoicesAsync(begun, 2, "paid");
        await BookedAsync(subscriber, 2);
        await Eventually.EqualAsync(3, async () => (await subscriber.ToldAsync()).Count());
        Assert.Equal(("professional", "active"), (await subscriber.ToldAsync()).Last());
    }

    [Fact]
    public async Task After_the_last_try_it_is_canceled_and_the_tier_falls_to_free()
    {
        var subscriber = await app.SubscriberAsync(Start);
        var begun = await BeginAsync(subscriber, await app.PriceAsync(4900, "professional"));
        await subscriber.PayWithAsync("pm_card_chargeCustomerFail");
        await subscriber.AdvanceAsync(Start.AddMonths(1).AddDays(16));
        var over = await StandsAsync(begun, row => Text(row, "status") == "canceled");
        Assert.NotNull(over["ended_at"]);
        await Eventually.EqualAsync("free", subscriber.TierAsync);
        Assert.Equal(("free", "cancelled"), (await subscriber.ToldAsync()).Last());
        Assert.Single((await subscriber.ToldAsync()), told => told.Status == "cancelled");
        await BookedAsync(subscriber, 1);
    }

    [Fact]
    public async Task It_ends_with_its_period_unless_it_is_resumed_before()
    {
        var now = TimeProvider.System.GetUtcNow();
        var subscriber = await app.SubscriberAsync(now);
        var begun = await BeginAsync(subscriber, await app.PriceAsync(4900, "professional"));
        var path = $"{Subscriptions}/{Text(begun, "subscription_id")}";
        Assert.True((await app.PostAsync($"{path}/cancel", new { })).Body["cancel_at_period_end"]!.GetValue<bool>());
        Assert.False((await app.PostAsync($"{path}/resume", new { })).Body["cancel_at_period_end"]!.GetValue<bool>());
        Assert.True((await app.PostAsync($"{path}/cancel", new { at_period_end = true })).Body["cancel_at_period_end"]!.GetValue<bool>());
        Assert.Equal(("active", "professional"), (Text(await app.GetAsync(path), "status"), await subscriber.TierAsync()));
        await subscriber.AdvanceAsync(now.AddMonths(1).AddDays(1));
        await StandsAsync(begun, row => Text(row, "status") == "canceled");
        Assert.Equal("professional", await subscriber.TierAsync());                      // by the real time the month is not over
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync())
            Assert.Equal(1, await owner.ExecuteAsync("update entitlements set ends_at = ends_at - interval '1 month 1 minute' where source_id = @id and ends_at is not null", new { id = MarketApp.IdOf(Text(begun, "subscription_id")) }));
        await ActivatorUtilities.CreateInstance<TierClock>(app.Services).EndAsync(CancellationToken.None);
        Assert.Equal("free", await subscriber.TierAsync());
        Assert.Equal([("professional", "active"), ("free", "cancelled")], (await subscriber.ToldAsync()).Distinct()); // and each time that its end moved
        Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync($"{path}/resume", new { })).Status);
    }

    [Fact]
    public async Task What_is_put_off_is_not_overtaken_by_what_is_decided_later()
    {
        var subscriber = await app.SubscriberAsync(Start);
        var (plain, dear) = (await app.PriceAsync(4900, "professional"), await app.PriceAsync(19900, "enterprise"));
        var begun = await BeginAsync(subscriber, plain);
        var path = $"{Subscriptions}/{Text(begun, "subscription_id")}";
        var reference = await app.ReadAsync<string>("select provider_ref from subscriptions where id = @id", new { id = MarketApp.IdOf(Text(begun, "subscription_id")) });
        foreach (var (first, then) in new ((string, object), (string, object))[] { (("cancel", new { }), ("resume", new { })), (("price", new { price_id = dear }), ("price", new { price_id = plain })) })
        {
            await app.Sandbox.ArmAsync("stripe", "429", $"/subscriptions/{reference}", count: 4, method: "POST"); // and its repeats within the call
            var putOff = app.PostAsync($"{path}/{first.Item1}", first.Item2);
            await Eventually.TrueAsync(() => app.ReadAsync<bool>("select exists (select from kernel.effects where key like @keys and state = 'planned' and attempts > 0)", new { keys = $"{Text(begun, "subscription_id")}:%" }));
            var (status, answer) = await app.PostAsync($"{path}/{then.Item1}", then.Item2);
            Assert.True(status == HttpStatusCode.OK, answer.ToJsonString());
            await putOff;
            var stands = await app.StripeAsync($"subscriptions/{reference}");
            Assert.Equal((false, plain), (stands["cancel_at_period_end"]!.GetValue<bool>(), Text(stands["items"]!["data"]![0]!["price"]!, "id")));
        }
        Assert.Equal(["cancel-at-end", "resume", "change", "change"], await ActsAsync(begun)); // none was dropped
    }

    /// <summary>A person may send off an act again that was held; the word that was given and carried out meanwhile stands.</summary>
    [Fact]
    public async Task What_was_held_and_is_sent_off_again_after_a_later_word_comes_too_late()
    {
        var subscriber = await app.SubscriberAsync(Start);
        var begun = await BeginAsync(subscriber, await app.PriceAsync(4900, "professional"));
        var path = $"{Subscriptions}/{Text(begun, "subscription_id")}";
        await app.PostAsync($"{path}/cancel", new { });
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        var held = await owner.QuerySingleAsync<Guid>("update kernel.effects set state = 'held', settled_at = null where key like @keys and intent ->> 'act' = 'cancel-at-end' returning id", new { keys = $"{Text(begun, "subscription_id")}:%" });
        Assert.False((await app.PostAsync($"{path}/resume", new { })).Body["cancel_at_period_end"]!.GetValue<bool>());
        var (status, verdict) = await app.PostAsync($"/api/v1/payments/effects/eff_{held:N}/verdict", new { verdict = "not_done", reason = "Once more." });
        Assert.True(status == HttpStatusCode.OK, verdict.ToJsonString());
        await Eventually.EqualAsync("rejected", () => app.ReadAsync<string>("select state from kernel.effects where id = @held", new { held }));
        var reference = await app.ReadAsync<string>("select provider_ref from subscriptions where id = @id", new { id = MarketApp.IdOf(Text(begun, "subscription_id")) });
        Assert.False((await app.StripeAsync($"subscriptions/{reference}"))["cancel_at_period_end"]!.GetValue<bool>());
    }

    private async Task<IEnumerable<string>> ActsAsync(JsonNode subscription)
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        return await owner.QueryAsync<string>("select intent ->> 'act' from kernel.effects where key like @keys and state = 'succeeded' order by settled_at", new { keys = $"{Text(subscription, "subscription_id")}:%" });
    }

    [Fact]
    public async Task Ended_now_it_is_over_now()
    {
        var subscriber = await app.SubscriberAsync(Start);
        var begun = await BeginAsync(subscriber, await app.PriceAsync(4900, "professional"));
        var (_, ended) = await app.PostAsync($"{Subscriptions}/{Text(begun, "subscription_id")}/cancel", new { at_period_end = false });
        Assert.Equal("canceled", Text(ended, "status"));
        await Eventually.EqualAsync("free", subscriber.TierAsync);
    }

    [Fact]
    public async Task A_price_that_gives_no_tier_takes_the_one_there_was()
    {
        var subscriber = await app.SubscriberAsync(Start);
        var begun = await BeginAsync(subscriber, await app.PriceAsync(4900, "pro"));
        Assert.Equal("professional", Text(begun, "tier"));
        var plain = await app.PriceAsync(900, "gold");                                   // no tier of ours
        await app.PostAsync($"{Subscriptions}/{Text(begun, "subscription_id")}/price", new { price_id = plain });
        await StandsAsync(begun, row => row["tier"] is null && Text(row, "price_id") == plain);
        await Eventually.EqualAsync("free", subscriber.TierAsync);
    }

    /// <summary>Half of it back changes nothing; all of it takes the tier, though Stripe goes on; the next month that is paid gives it again.</summary>
    [Fact]
    public async Task Its_last_payment_given_back_whole_takes_the_tier_until_one_is_paid_again()
    {
        var subscriber = await app.SubscriberAsync(Start);
        var begun = await BeginAsync(subscriber, await app.PriceAsync(4900, "professional"));
        await BookedAsync(subscriber, 1);
        var payment = Text((await InvoicesAsync(begun, 1, "paid"))[0], "payment_id");
        Assert.Equal(HttpStatusCode.Created, (await app.PostAsync($"/api/v1/revenue/payments/{payment}/refunds", new { amount = 20 })).Status);
        await Eventually.EqualAsync(1, async () => (await app.CausesAsync(MarketApp.IdOf(payment))).Count(cause => cause.StartsWith("stripe:refund:", StringComparison.Ordinal)));
        Assert.Equal("professional", await subscriber.TierAsync());
        Assert.Equal(HttpStatusCode.Created, (await app.PostAsync($"/api/v1/revenue/payments/{payment}/refunds", new { })).Status);
        await Eventually.EqualAsync("free", subscriber.TierAsync);
        await subscriber.AdvanceAsync(Start.AddMonths(1));
        await Eventually.EqualAsync("professional", subscriber.TierAsync);
        Assert.Equal([("professional", "active"), ("free", "cancelled"), ("professional", "active")], await subscriber.ToldAsync());
    }

    /// <summary>Nothing is charged for such a month, and it is paid all the same.</summary>
    [Theory, InlineData("credit"), InlineData("out of band")]
    public async Task After_a_payment_that_was_given_back_a_month_that_is_paid_without_one_gives_the_tier_again(string how)
    {
        var subscriber = await app.SubscriberAsync(Start);
        var begun = await BeginAsync(subscriber, await app.PriceAsync(4900, "professional"));
        await BookedAsync(subscriber, 1);
        Assert.Equal(HttpStatusCode.Created, (await app.PostAsync($"/api/v1/revenue/payments/{Text((await InvoicesAsync(begun, 1, "paid"))[0], "payment_id")}/refunds", new { })).Status);
        await Eventually.EqualAsync("free", subscriber.TierAsync);
        if (how == "credit") await app.StripeAsync($"customers/{subscriber.Reference}/balance_transactions", ("amount", -4900), ("currency", "usd"));
        else await subscriber.PayWithAsync("pm_card_chargeCustomerFail");
        await subscriber.AdvanceAsync(Start.AddMonths(1));
        if (how != "credit")
        {
            await StandsAsync(begun, row => Text(row, "status") == "past_due");
            Assert.Equal("free", await subscriber.TierAsync());
            var owed = (await app.StripeAsync($"invoices?customer={subscriber.Reference}&status=open"))["data"]!.AsArray();
            await app.StripeAsync($"invoices/{Text(Assert.Single(owed)!, "id")}/pay", ("paid_out_of_band", "true"));
        }
        await Eventually.EqualAsync("professional", subscriber.TierAsync);
        Assert.Equal(1L, await app.ReadAsync<long>("select count(*) from payments where customer_id = @id and status = 'succeeded'", new { id = MarketApp.IdOf(subscriber.Id) }));
    }

    [Fact]
    public async Task A_first_payment_that_is_declined_leaves_it_incomplete_without_a_tier()
    {
        var subscriber = await app.SubscriberAsync(Start, "pm_card_chargeCustomerFail");
        var (status, begun) = await app.PostAsync(Subscriptions, new { customer_id = subscriber.Id, price_id = await app.PriceAsync(4900, "professional") });
        Assert.Equal((HttpStatusCode.Created, "incomplete"), (status, Text(begun, "status")));
        Assert.Equal("free", await subscriber.TierAsync());
        Assert.Empty(await subscriber.ToldAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_a_closed_account_nothing_is_collected_any_more_at_once_where_its_last_person_was_forgotten(bool erased)
    {
        var subscriber = await app.SubscriberAsync(Start);
        var begun = await BeginAsync(subscriber, await app.PriceAsync(4900, "professional"));
        await BookedAsync(subscriber, 1);
        await CloseAsync(subscriber.Account, erased);
        if (erased) await StandsAsync(begun, row => Text(row, "status") == "canceled");
        else await StandsAsync(begun, row => row["cancel_at_period_end"]!.GetValue<bool>() && Text(row, "status") == "active");
        await subscriber.AdvanceAsync(Start.AddMonths(1).AddDays(1));
        await StandsAsync(begun, row => Text(row, "status") == "canceled");
        await BookedAsync(subscriber, 1);
        Assert.Single(await InvoicesAsync(begun, 1, "paid"));
        Assert.Equal(0L, await app.ReadAsync<long>("select count(*) from refunds r join payments p on p.id = r.payment_id where p.customer_id = @id", new { id = MarketApp.IdOf(subscriber.Id) }));
    }

    [Fact]
    public async Task What_is_taken_up_again_at_the_providers_own_pages_is_ended_once_more()
    {
        var subscriber = await app.SubscriberAsync(Start);
        var begun = await BeginAsync(subscriber, await app.PriceAsync(4900, "professional"));
        await CloseAsync(subscriber.Account, erased: false);
        await StandsAsync(begun, row => row["cancel_at_period_end"]!.GetValue<bool>());
        var reference = await app.ReadAsync<string>("select provider_ref from subscriptions where id = @id", new { id = MarketApp.IdOf(Text(begun, "subscription_id")) });
        for (var turn = 0; turn < 2; turn++)
        {
            await subscriber.AdvanceAsync(Start.AddDays(1 + turn)); // reports of one second are asked for, and say the last of them alone
            await app.StripeAsync($"subscriptions/{reference}", ("cancel_at_period_end", "false"));
            await Eventually.EqualAsync(true, async () => (await app.StripeAsync($"subscriptions/{reference}"))["cancel_at_period_end"]!.GetValue<bool>());
        }
    }

    [Fact]
    public async Task A_customer_whom_the_provider_refused_is_refused_at_once()
    {
        var customer = Guid.CreateVersion7();
        await using (var work = await app.Database.BeginAsync(app.Tenant, CancellationToken.None))
        {
            await work.ExecuteAsync("insert into customers (id, tenant_id, email, stripe_problem, test, created_at, updated_at) values (@customer, @Tenant, @email, 'email_invalid: No such address', true, @Now, @Now)", new { customer, work.Tenant, email = $"{customer:N}@example.com", work.Now });
            await work.CommitAsync(CancellationToken.None);
        }
        var (status, refused) = await app.PostAsync(Subscriptions, new { customer_id = $"cust_{customer:N}", price_id = "price_any" });
        Assert.Equal((HttpStatusCode.Conflict, "CUSTOMER_NOT_AT_STRIPE"), (status, refused["code"]?.GetValue<string>()));
    }

    [Fact]
    public async Task What_is_begun_for_an_account_that_is_closed_already_ends_as_soon_as_it_is_told_and_is_booked()
    {
        var subscriber = await app.SubscriberAsync(Start);
        await CloseAsync(subscriber.Account, erased: true);
        // By hand at Stripe, as on a page that was open.
        var made = await app.StripeAsync("subscriptions", ("customer", subscriber.Reference), ("items[0][price]", await app.PriceAsync(4900, "professional")));
        await Eventually.EqualAsync("canceled", async () => Text(await app.StripeAsync($"subscriptions/{Text(made, "id")}"), "status"));
        await BookedAsync(subscriber, 1);

        var (_, refused) = await app.PostAsync(Subscriptions, new { customer_id = subscriber.Id, price_id = await app.PriceAsync(4900, "professional") });
        Assert.Contains("account-closed", refused.ToJsonString(), StringComparison.Ordinal);
    }

    private async Task CloseAsync(Guid account, bool erased)
    {
        await using var work = await app.Database.BeginAsync(new(account), CancellationToken.None);
        work.Publish(new Contracts.AccountClosed { TenantId = account, Erased = erased, OccurredAt = TimeProvider.System.GetUtcNow() });
        await work.CommitAsync(CancellationToken.None);
        await Eventually.EqualAsync(true, () => app.ReadAsync<bool>("select kernel.is_closed(@account)", new { account }));
    }

    [Fact]
    public async Task An_invoice_is_a_page_to_print()
    {
        var subscriber = await app.SubscriberAsync(Start);
        var begun = await BeginAsync(subscriber, await app.PriceAsync(4900, "professional"));
        var invoice = (await InvoicesAsync(begun, 1, "paid"))[0];
        using var client = app.OwnerClient();
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        using var answer = await client.GetAsync($"{Invoices}/{Text(invoice, "invoice_id")}");
        var page = await answer.Content.ReadAsStringAsync();
        var style = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(page.Split("<style>")[1].Split("</style>")[0]))); // else the browser would leave it out
        Assert.Contains($"style-src 'sha256-{style}'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        foreach (var part in (string[])["Receipt", Text(invoice, "number"), "1 × Empire", "49.00 USD", "Test: no money moved."]) Assert.Contains(part, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        using var stranger = app.ClientFor(TenantId.New(TimeProvider.System.GetUtcNow()));
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"{Invoices}/{Text(invoice, "invoice_id")}")).StatusCode);
    }

    [Theory]
    [InlineData(false, "58.31")]
    [InlineData(true, "49.00")]
    public async Task The_lines_of_an_invoice_with_tax_sum_to_what_is_due(bool inclusive, string wanted)
    {
        var due = decimal.Parse(wanted, System.Globalization.CultureInfo.InvariantCulture);
        var subscriber = await app.SubscriberAsync(Start);
        var rate = Text(await app.StripeAsync("tax_rates", ("display_name", "VAT"), ("percentage", 19), ("inclusive", inclusive ? "true" : "false")), "id");
        var made = await app.StripeAsync("subscriptions", ("customer", subscriber.Reference), ("items[0][price]", await app.PriceAsync(4900, "professional")), ("default_tax_rates[0]", rate));
        var list = await app.UntilAsync(Invoices, page => page["data"]!.AsArray().Any(invoice => invoice!["customer_id"]?.ToString() == subscriber.Id && Text(invoice, "status") == "paid"));
        var invoice = list["data"]!.AsArray().Single(invoice => invoice!["customer_id"]?.ToString() == subscriber.Id)!;
        Assert.Equal((due, due), (invoice["amount_due"]!.GetValue<decimal>(), invoice["lines"]!.AsArray().Sum(line => line!["amount"]!.GetValue<decimal>())));
        Assert.Equal(inclusive ? [] : [9.31m], invoice["lines"]!.AsArray().Where(line => Text(line!, "description") == "Tax").Select(line => line!["amount"]!.GetValue<decimal>()));
        Assert.Equal(Text(made, "customer"), subscriber.Reference);
    }

    private async Task<JsonObject> BeginAsync(Subscriber subscriber, string price)
    {
        var (status, begun) = await app.PostAsync(Subscriptions, new { customer_id = subscriber.Id, price_id = price });
        Assert.True(status == HttpStatusCode.Created, begun.ToJsonString());
        return await StandsAsync(begun, row => Text(row, "status") == "active");
    }

    private Task<JsonObject> StandsAsync(JsonNode subscription, Func<JsonObject, bool> wanted) =>
        app.UntilAsync($"{Subscriptions}/{Text(subscription, "subscription_id")}", wanted);

    /// <summary>The invoices of a subscription, the newest first, once there are so many of this status.</summary>
    private async Task<List<JsonObject>> InvoicesAsync(JsonNode subscription, int count, string? status = null)
    {
        var list = await app.UntilAsync($"{Invoices}?subscription_id={Text(subscription, "subscription_id")}", page =>
            page["data"]!.AsArray().Count(invoice => (status is null || Text(invoice!, "status") == status) && (status != "paid" || invoice!["amount_due"]!.GetValue<decimal>() == 0 || invoice["payment_id"] is not null)) == count);
        return [.. list["data"]!.AsArray().Select(invoice => invoice!.AsObject())];
    }

    /// <summary>So many payments of the customer stand in the books, each with its fee.</summary>
    private Task BookedAsync(Subscriber subscriber, int payments) => Eventually.EqualAsync(2L * payments, () => app.ReadAsync<long>(
        "select count(*) from ledger_entries where customer_id = @id and (cause like '%:captured' or cause like '%:fee')", new { id = MarketApp.IdOf(subscriber.Id) }));

    private static string Text(JsonNode item, string field) => item[field]?.ToString() ?? throw new InvalidOperationException($"{field} is missing: {item.ToJsonString()}");
}
