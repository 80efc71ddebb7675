using System.Net;
using System.Text.Json.Nodes;

namespace Empire.Sandbox.Tests.Stripe;

public sealed class BillingTests(SandboxApp app) : IClassFixture<SandboxApp>, IDisposable
{
    static readonly DateTimeOffset Start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    readonly StripeApi stripe = new(app);

    public void Dispose() => stripe.Dispose();

    static string Text(JsonNode item, string field) => item[field]!.ToString();

    static long Number(JsonNode item, string field) => item[field]!.GetValue<long>();

    async Task<string> PriceAsync(long amount, string interval = "month") =>
        Text(await stripe.PostAsync("/prices", ("currency", "usd"), ("unit_amount", amount), ("recurring[interval]", interval), ("product_data[name]", "Professional")), "id");

    /// <summary>A customer with a card, in a time of their own.</summary>
    async Task<(string Clock, string Customer)> SubscriberAsync(string card = "pm_card_visa")
    {
        var clock = Text(await stripe.PostAsync("/test_helpers/test_clocks", ("frozen_time", Start.ToUnixTimeSeconds())), "id");
        var customer = Text(await stripe.PostAsync("/customers", ("test_clock", clock), ("email", "ada@example.com")), "id");
        await UseAsync(customer, card);
        return (clock, customer);
    }

    async Task UseAsync(string customer, string card)
    {
        var method = Text(await stripe.PostAsync($"/payment_methods/{card}/attach", ("customer", customer)), "id");
        await stripe.PostAsync($"/customers/{customer}", ("invoice_settings[default_payment_method]", method));
    }

    Task<JsonObject> SubscribeAsync(string customer, string price, params (string, object)[] more) =>
        stripe.PostAsync("/subscriptions", [("customer", customer), ("items[0][price]", price), .. more]);

    async Task AdvanceAsync(string clock, DateTimeOffset to)
    {
        Assert.Equal("advancing", Text(await stripe.PostAsync($"/test_helpers/test_clocks/{clock}/advance", ("frozen_time", to.ToUnixTimeSeconds())), "status"));
        Assert.Equal("ready", Text(await stripe.GetAsync($"/test_helpers/test_clocks/{clock}"), "status"));
    }

    Task<JsonObject> GetAsync(JsonNode subscription) => stripe.GetAsync($"/subscriptions/{Text(subscription, "id")}?expand[]=latest_invoice.payment_intent");

    async Task<List<JsonNode>> InvoicesAsync(JsonNode subscription) => [.. (await stripe.GetAsync($"/invoices?subscription={Text(subscription, "id")}&limit=100"))["data"]!.AsArray().Select(i => i!)];

    async Task<List<string>> EventsAsync(string type) => [.. (await stripe.GetAsync($"/events?type={type}&limit=100"))["data"]!.AsArray().Select(e => Text(e!, "type"))];

    [Fact]
    public async Task A_subscription_is_paid_at_once_and_again_each_month()
    {
        var (clock, customer) = await SubscriberAsync();
        var subscription = await SubscribeAsync(customer, await PriceAsync(4900), ("expand[]", "latest_invoice"));
        var first = subscription["latest_invoice"]!;
        Assert.Equal(("active", "paid", 4900, "subscription_create"), (Text(subscription, "status"), Text(first, "status"), Number(first, "amount_paid"), Text(first, "billing_reason")));
        Assert.Equal(new DateTimeOffset(2026, 2, 28, 12, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), Number(subscription, "current_period_end"));

        await AdvanceAsync(clock, Start.AddMonths(3));
        var invoices = await InvoicesAsync(subscription);
        Assert.Equal(["subscription_cycle", "subscription_cycle", "subscription_cycle", "subscription_create"], invoices.Select(i => Text(i, "billing_reason")));
        Assert.All(invoices, i => Assert.Equal("paid", Text(i, "status")));
        Assert.Equal(4, invoices.Select(i => Text(i, "charge")).Distinct().Count());
        // the 31st is the last day of each month, not forgotten after February
        Assert.Equal(new DateTimeOffset(2026, 5, 31, 12, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), Number(await GetAsync(subscription), "current_period_end"));
    }

    [Fact]
    public async Task A_change_that_waits_for_its_payment_holds_when_that_is_made_and_is_forgotten_after_23_hours()
    {
        await app.ResetAsync();
        var (clock, customer) = await SubscriberAsync();
        var (plain, dear) = (await PriceAsync(4900), await PriceAsync(19900));
        var subscription = await SubscribeAsync(customer, plain);
        await UseAsync(customer, "pm_card_chargeCustomerFail");
        Task<JsonObject> ChangeAsync() => stripe.PostAsync($"/subscriptions/{Text(subscription, "id")}", ("items[0][id]", Text(subscription["items"]!["data"]![0]!, "id")), ("items[0][price]", dear),
            ("proration_behavior", "always_invoice"), ("payment_behavior", "pending_if_incomplete"), ("expand[]", "latest_invoice"));
        static string PriceOf(JsonNode of) => Text(of["items"]!["data"]![0]!["price"]!, "id");
        var waits = await ChangeAsync();
        Assert.Equal(("active", plain, "open", Start.AddHours(23).ToUnixTimeSeconds()), (Text(waits, "status"), PriceOf(waits), Text(waits["latest_invoice"]!, "status"), Number(waits["pending_update"]!, "expires_at")));
        Assert.Equal(dear, Text(waits["pending_update"]!["subscription_items"]![0]!["price"]!, "id"));
        await AdvanceAsync(clock, Start.AddHours(23));
        var over = await GetAsync(subscription);
        Assert.Equal(("active", plain, "void", true), (Text(over, "status"), PriceOf(over), Text(over["latest_invoice"]!, "status"), over["pending_update"] is null));
        Assert.Single(await EventsAsync("customer.subscription.pending_update_expired"));

        waits = await ChangeAsync();
        await UseAsync(customer, "pm_card_visa");
        await stripe.PostAsync($"/invoices/{Text(waits["latest_invoice"]!, "id")}/pay");
        var holds = await GetAsync(subscription);
        Assert.Equal(("active", dear, true), (Text(holds, "status"), PriceOf(holds), holds["pending_update"] is null));
        Assert.Single(await EventsAsync("customer.subscription.pending_update_applied"));

        var back = await stripe.PostAsync($"/subscriptions/{Text(subscription, "id")}", ("items[0][id]", Text(subscription["items"]!["data"]![0]!, "id")), ("items[0][price]", plain), ("proration_behavior", "always_invoice"), ("payment_behavior", "pending_if_incomplete"));
        Assert.Equal((plain, true), (PriceOf(back), back["pending_update"] is null)); // nothing is owed
    }

    [Fact]
    public async Task A_renewal_that_fails_is_tried_again_after_three_five_and_seven_days_and_then_canceled()
    {
        await app.ResetAsync();
        var (clock, customer) = await SubscriberAsync();
        var subscription = await SubscribeAsync(customer, await PriceAsync(4900));
        await UseAsync(customer, "pm_card_chargeCustomerFail");
        var renewal = Start.AddMonths(1);
        await AdvanceAsync(clock, renewal);
        var behind = await GetAsync(subscription);
        Assert.Equal(("past_due", "open", 1), (Text(behind, "status"), Text(behind["latest_invoice"]!, "status"), Number(behind["latest_invoice"]!, "attempt_count")));
        Assert.Equal(renewal.AddDays(3).ToUnixTimeSeconds(), Number(behind["latest_invoice"]!, "next_payment_attempt"));
        Assert.Equal("card_declined", Text(behind["latest_invoice"]!["payment_intent"]!["last_payment_error"]!, "code"));

        await AdvanceAsync(clock, renewal.AddDays(8));
        Assert.Equal(("past_due", 3), (Text(await GetAsync(subscription), "status"), Number((await InvoicesAsync(subscription))[0], "attempt_count")));
        await AdvanceAsync(clock, renewal.AddDays(15));
        var canceled = await GetAsync(subscription);
        Assert.Equal(("canceled", "payment_failed", 4), (Text(canceled, "status"), Text(canceled["cancellation_details"]!, "reason"), Number(canceled["latest_invoice"]!, "attempt_count")));
        Assert.Equal(4, (await EventsAsync("invoice.payment_failed")).Count);
        Assert.Single(await EventsAsync("customer.subscription.deleted"));
        await AdvanceAsync(clock, renewal.AddMonths(3));
        Assert.Equal(2, (await InvoicesAsync(subscription)).Count);
    }

    [Fact]
    public async Task A_good_card_brings_a_subscription_that_fell_behind_back_into_order()
    {
        var (clock, customer) = await SubscriberAsync();
        var subscription = await SubscribeAsync(customer, await PriceAsync(4900));
        await UseAsync(customer, "pm_card_chargeCustomerFail");
        await AdvanceAsync(clock, Start.AddMonths(1));
        await UseAsync(customer, "pm_card_mastercard");
        await AdvanceAsync(clock, Start.AddMonths(1).AddDays(3));
        var recovered = await GetAsync(subscription);
        Assert.Equal(("active", "paid"), (Text(recovered, "status"), Text(recovered["latest_invoice"]!, "status")));
        Assert.False((await stripe.GetAsync($"/customers/{customer}"))["delinquent"]!.GetValue<bool>());
    }

    [Fact]
    public async Task An_open_invoice_is_paid_by_hand_once_or_voided()
    {
        var (clock, customer) = await SubscriberAsync();
        var subscription = await SubscribeAsync(customer, await PriceAsync(4900));
        await UseAsync(customer, "pm_card_chargeCustomerFail");
        await AdvanceAsync(clock, Start.AddMonths(1));
        var open = Text((await InvoicesAsync(subscription))[0], "id");
        Assert.Equal(HttpStatusCode.PaymentRequired, (await stripe.SendAsync($"/invoices/{open}/pay")).Status);
        Assert.Equal("paid", Text(await stripe.PostAsync($"/invoices/{open}/pay", ("payment_method", "pm_card_visa")), "status"));
        Assert.Equal("invoice_already_paid", (await stripe.SendAsync($"/invoices/{open}/pay")).Code);
        await AdvanceAsync(clock, Start.AddMonths(2));
        var second = Text((await InvoicesAsync(subscription))[0], "id");
        Assert.Equal("void", Text(await stripe.PostAsync($"/invoices/{second}/void"), "status"));
        Assert.Equal("active", Text(await GetAsync(subscription), "status"));
    }

    [Fact]
    public async Task An_upgrade_is_charged_for_the_rest_of_the_month()
    {
        var (clock, customer) = await SubscriberAsync();
        var subscription = await SubscribeAsync(customer, await PriceAsync(4900));
        await AdvanceAsync(clock, Start.AddDays(14)); // half of 28 days
        var item = Text(subscription["items"]!["data"]![0]!, "id");
        var upgraded = await stripe.PostAsync($"/subscriptions/{Text(subscription, "id")}", ("items[0][id]", item), ("items[0][price]", await PriceAsync(19900)), ("proration_behavior", "always_invoice"), ("expand[]", "latest_invoice"));
        var invoice = upgraded["latest_invoice"]!;
        Assert.Equal([-2450, 9950], invoice["lines"]!["data"]!.AsArray().Select(l => Number(l!, "amount")));
        Assert.Equal(("paid", 7500, "subscription_update"), (Text(invoice, "status"), Number(invoice, "amount_paid"), Text(invoice, "billing_reason")));
        await AdvanceAsync(clock, Start.AddMonths(1));
        Assert.Equal(19900, Number((await InvoicesAsync(subscription))[0], "amount_paid"));
    }

    [Fact]
    public async Task A_downgrade_is_credited_to_the_next_invoice()
    {
        var (clock, customer) = await SubscriberAsync();
        var subscription = await SubscribeAsync(customer, await PriceAsync(19900));
        await AdvanceAsync(clock, Start.AddDays(14));
        await stripe.PostAsync($"/subscriptions/{Text(subscription, "id")}", ("items[0][id]", Text(subscription["items"]!["data"]![0]!, "id")), ("items[0][price]", await PriceAsync(4900)));
        Assert.Single(await InvoicesAsync(subscription));
        await AdvanceAsync(clock, Start.AddMonths(2));
        var invoices = await InvoicesAsync(subscription);
        Assert.Equal(4900 - 7500, Number(invoices[1], "total"));
        Assert.Equal((0, -2600), (Number(invoices[1], "amount_due"), Number(invoices[1], "ending_balance")));
        Assert.Equal((-2600, 2300), (Number(invoices[0], "starting_balance"), Number(invoices[0], "amount_paid")));
    }

    [Fact]
    public async Task Another_interval_begins_a_new_period_now()
    {
        var (clock, customer) = await SubscriberAsync();
        var subscription = await SubscribeAsync(customer, await PriceAsync(4900));
        await AdvanceAsync(clock, Start.AddDays(14));
        var yearly = await stripe.PostAsync($"/subscriptions/{Text(subscription, "id")}", ("items[0][id]", Text(subscription["items"]!["data"]![0]!, "id")), ("items[0][price]", await PriceAsync(49000, "year")), ("expand[]", "latest_invoice"));
        Assert.Equal(49000 - 2450, Number(yearly["latest_invoice"]!, "amount_paid"));
        Assert.Equal(Start.AddDays(14).AddYears(1).ToUnixTimeSeconds(), Number(yearly, "current_period_end"));
    }

    [Fact]
    public async Task A_subscription_may_end_now_or_with_its_period_or_change_its_mind()
    {
        var (clock, customer) = await SubscriberAsync();
        var price = await PriceAsync(4900);
        var (now, later, kept) = (await SubscribeAsync(customer, price), await SubscribeAsync(customer, price), await SubscribeAsync(customer, price));
        Assert.Equal("canceled", Text(await stripe.DeleteAsync($"/subscriptions/{Text(now, "id")}"), "status"));
        await stripe.PostAsync($"/subscriptions/{Text(later, "id")}", ("cancel_at_period_end", true));
        await stripe.PostAsync($"/subscriptions/{Text(kept, "id")}", ("cancel_at_period_end", true));
        await stripe.PostAsync($"/subscriptions/{Text(kept, "id")}", ("cancel_at_period_end", false));
        Assert.Equal("active", Text(await GetAsync(later), "status"));
        await AdvanceAsync(clock, Start.AddMonths(1));
        Assert.Equal(("canceled", "active"), (Text(await GetAsync(later), "status"), Text(await GetAsync(kept), "status")));
        Assert.Equal((1, 2), ((await InvoicesAsync(later)).Count, (await InvoicesAsync(kept)).Count));
    }

    [Fact]
    public async Task A_trial_costs_nothing_until_it_ends()
    {
        await app.ResetAsync();
        var (clock, customer) = await SubscriberAsync();
        var subscription = await SubscribeAsync(customer, await PriceAsync(4900), ("trial_period_days", 14), ("expand[]", "latest_invoice"));
        Assert.Equal(("trialing", 0, "paid"), (Text(subscription, "status"), Number(subscription["latest_invoice"]!, "total"), Text(subscription["latest_invoice"]!, "status")));
        await AdvanceAsync(clock, Start.AddDays(12));
        Assert.Single(await EventsAsync("customer.subscription.trial_will_end"));
        await AdvanceAsync(clock, Start.AddDays(14));
        var begun = await GetAsync(subscription);
        Assert.Equal(("active", 4900), (Text(begun, "status"), Number(begun["latest_invoice"]!, "amount_paid")));
        Assert.Equal(Start.AddDays(14).AddMonths(1).ToUnixTimeSeconds(), Number(begun, "current_period_end"));
    }

    [Fact]
    public async Task A_trial_that_ends_without_a_card_pauses_and_is_resumed_with_one()
    {
        var clock = Text(await stripe.PostAsync("/test_helpers/test_clocks", ("frozen_time", Start.ToUnixTimeSeconds())), "id");
        var customer = Text(await stripe.PostAsync("/customers", ("test_clock", clock)), "id");
        var subscription = await SubscribeAsync(customer, await PriceAsync(4900), ("trial_period_days", 7), ("trial_settings[end_behavior][missing_payment_method]", "pause"));
        await AdvanceAsync(clock, Start.AddDays(20));
        Assert.Equal("paused", Text(await GetAsync(subscription), "status"));
        await UseAsync(customer, "pm_card_visa");
        Assert.Equal("active", Text(await stripe.PostAsync($"/subscriptions/{Text(subscription, "id")}/resume"), "status"));
        Assert.Equal("subscription_not_paused", (await stripe.SendAsync($"/subscriptions/{Text(subscription, "id")}/resume")).Code);
    }

    [Fact]
    public async Task A_first_payment_that_needs_the_cardholder_leaves_it_incomplete_until_they_confirm_or_a_day_passes()
    {
        var (clock, customer) = await SubscriberAsync("pm_card_authenticationRequired");
        var price = await PriceAsync(4900);
        var (confirmed, left) = (await SubscribeAsync(customer, price, ("expand[]", "latest_invoice.payment_intent")), await SubscribeAsync(customer, price));
        var intent = confirmed["latest_invoice"]!["payment_intent"]!;
        Assert.Equal(("incomplete", "requires_action"), (Text(confirmed, "status"), Text(intent, "status")));
        await stripe.PressAsync($"/stripe/authenticate/{Text(intent, "id")}", "answer", "complete");
        Assert.Equal("active", Text(await GetAsync(confirmed), "status"));
        await AdvanceAsync(clock, Start.AddHours(23));
        var expired = await GetAsync(left);
        Assert.Equal(("incomplete_expired", "void"), (Text(expired, "status"), Text(expired["latest_invoice"]!, "status")));
    }

    [Fact]
    public async Task On_an_invoice_s_page_the_payer_confirms_fails_or_gives_another_card()
    {
        var (clock, customer) = await SubscriberAsync("pm_card_visa");
        var price = await PriceAsync(4900);
        var subscription = await SubscribeAsync(customer, price);
        var asks = Text(await stripe.PostAsync("/payment_methods/pm_card_authenticationRequired/attach", ("customer", customer)), "id");
        await stripe.PostAsync($"/customers/{customer}", ("invoice_settings[default_payment_method]", asks));
        await AdvanceAsync(clock, Start.AddMonths(1));
        var late = await GetAsync(subscription);
        Assert.Equal("past_due", Text(late, "status"));
        var page = new Uri(Text(late["latest_invoice"]!, "hosted_invoice_url")).AbsolutePath;
        Assert.Single((await stripe.GetAsync("/events?type=invoice.payment_action_required"))["data"]!.AsArray(), told => Text(told!["data"]!["object"]!, "id") == Text(late["latest_invoice"]!, "id"));
        await stripe.PressAsync(page, "answer", "fail");
        Assert.Equal("past_due", Text(await GetAsync(subscription), "status"));
        await stripe.PressAsync(page, "answer", "pay");                                  // pm_card_visa
        var mended = await GetAsync(subscription);
        Assert.Equal(("active", "paid"), (Text(mended, "status"), Text(mended["latest_invoice"]!, "status")));

        await AdvanceAsync(clock, Start.AddMonths(2));
        var again = await GetAsync(subscription);
        await stripe.PressAsync(new Uri(Text(again["latest_invoice"]!, "hosted_invoice_url")).AbsolutePath, "answer", "complete");
        Assert.Equal(("past_due", "active"), (Text(again, "status"), Text(await GetAsync(subscription), "status")));
    }

    [Fact]
    public async Task What_happens_when_the_first_payment_fails_is_the_caller_s_choice()
    {
        var (_, customer) = await SubscriberAsync("pm_card_chargeCustomerFail");
        var price = await PriceAsync(4900);
        Assert.Equal("incomplete", Text(await SubscribeAsync(customer, price), "status"));
        var refused = await stripe.SendAsync("/subscriptions", ("customer", customer), ("items[0][price]", price), ("payment_behavior", "error_if_incomplete"));
        Assert.Equal((HttpStatusCode.PaymentRequired, "card_declined"), (refused.Status, refused.Code));
        Assert.Single((await stripe.GetAsync($"/subscriptions?customer={customer}"))["data"]!.AsArray());

        var waiting = await SubscribeAsync(customer, price, ("payment_behavior", "default_incomplete"), ("payment_settings[save_default_payment_method]", "on_subscription"), ("expand[]", "latest_invoice.payment_intent"));
        var paid = await stripe.PostAsync($"/payment_intents/{Text(waiting["latest_invoice"]!["payment_intent"]!, "id")}/confirm", ("payment_method", "pm_card_visa"));
        var active = await GetAsync(waiting);
        Assert.Equal(("incomplete", "active", Text(paid, "payment_method")), (Text(waiting, "status"), Text(active, "status"), Text(active, "default_payment_method")));
    }

    [Theory]
    [InlineData("customer=cus_none&items[0][price]=P", "customer", "resource_missing")]
    [InlineData("customer=C", "items", "parameter_missing")]
    [InlineData("customer=C&items[0][price]=price_none", "items[0][price]", "resource_missing")]
    [InlineData("customer=C&items[0][price]=ONCE", "items[0][price]", null)]
    [InlineData("customer=C&items[0][price]=P&trial_end=5", "trial_end", null)]
    [InlineData("customer=C&items[0][price]=P&items[0][colour]=red", "items[0][colour]", "parameter_unknown")]
    [InlineData("customer=C&items[0][price]=P&default_payment_method=pm_none", "default_payment_method", "resource_missing")]
    public async Task A_wrong_subscription_is_told_which_parameter_is_wrong(string body, string param, string? code)
    {
        var (_, customer) = await SubscriberAsync();
        var once = Text(await stripe.PostAsync("/prices", ("currency", "usd"), ("unit_amount", 100), ("product_data[name]", "Guide")), "id");
        var filled = body.Replace("=ONCE", "=" + once, StringComparison.Ordinal).Replace("=C", "=" + customer, StringComparison.Ordinal).Replace("=P", "=" + await PriceAsync(100), StringComparison.Ordinal);
        var answer = await stripe.SendAsync("/subscriptions", [.. filled.Split('&').Select(p => p.Split('=', 2)).Select(p => (p[0], (object)p[1]))]);
        Assert.Equal((HttpStatusCode.BadRequest, param, code), (answer.Status, answer.Param, answer.Code));
    }
}
