using System.Net;
using System.Text.Json.Nodes;

namespace Empire.Sandbox.Tests.Stripe;

public sealed class DiscountTests(SandboxApp app) : IClassFixture<SandboxApp>, IDisposable
{
    static readonly DateTimeOffset Start = new(2026, 2, 1, 12, 0, 0, TimeSpan.Zero);
    readonly StripeApi stripe = new(app);

    public void Dispose() => stripe.Dispose();

    static string Text(JsonNode item, string field) => item[field]!.ToString();

    static long Number(JsonNode item, string field) => item[field]!.GetValue<long>();

    async Task<string> PriceAsync(long amount) => Text(await stripe.PostAsync("/prices", ("currency", "usd"), ("unit_amount", amount), ("recurring[interval]", "month"), ("product_data[name]", "Professional")), "id");

    async Task<(string Clock, JsonObject Subscription)> SubscribeAsync(long amount, params (string, object)[] more)
    {
        var clock = Text(await stripe.PostAsync("/test_helpers/test_clocks", ("frozen_time", Start.ToUnixTimeSeconds())), "id");
        var customer = Text(await stripe.PostAsync("/customers", ("test_clock", clock)), "id");
        var method = Text(await stripe.PostAsync("/payment_methods/pm_card_visa/attach", ("customer", customer)), "id");
        return (clock, await stripe.PostAsync("/subscriptions", [("customer", customer), ("items[0][price]", await PriceAsync(amount)), ("default_payment_method", method), .. more]));
    }

    async Task<List<JsonNode>> InvoicesAsync(JsonNode subscription) => [.. (await stripe.GetAsync($"/invoices?subscription={Text(subscription, "id")}&limit=100"))["data"]!.AsArray().Select(i => i!).Reverse()];

    Task AdvanceAsync(string clock, DateTimeOffset to) => stripe.PostAsync($"/test_helpers/test_clocks/{clock}/advance", ("frozen_time", to.ToUnixTimeSeconds()));

    async Task<string> CouponAsync(params (string, object)[] fields) => Text(await stripe.PostAsync("/coupons", fields), "id");

    [Theory]
    [InlineData("once", new long[] { 3675, 4900, 4900, 4900 })]
    [InlineData("repeating", new long[] { 3675, 3675, 4900, 4900 })]
    [InlineData("forever", new long[] { 3675, 3675, 3675, 3675 })]
    public async Task A_coupon_reduces_as_many_invoices_as_it_lasts(string duration, long[] paid)
    {
        var coupon = await CouponAsync([("percent_off", 25), ("duration", duration), .. duration == "repeating" ? [("duration_in_months", (object)2)] : Array.Empty<(string, object)>()]);
        var (clock, subscription) = await SubscribeAsync(4900, ("coupon", coupon));
        await AdvanceAsync(clock, Start.AddMonths(3));
        var invoices = await InvoicesAsync(subscription);
        Assert.Equal(paid, invoices.Select(i => Number(i, "amount_paid")));
        Assert.All(invoices, i => Assert.Equal(4900, Number(i, "subtotal")));
        Assert.Equal((1225, Text(invoices[0]["discount"]!, "id")), (Number(invoices[0]["total_discount_amounts"]![0]!, "amount"), invoices[0]["discounts"]![0]!.ToString()));
        Assert.Equal(1225, Number(invoices[0]["lines"]!["data"]![0]!["discount_amounts"]![0]!, "amount"));
    }

    [Fact]
    public async Task An_amount_off_is_never_more_than_the_invoice_and_may_make_it_free()
    {
        var (_, free) = await SubscribeAsync(4900, ("coupon", await CouponAsync(("amount_off", 9900), ("currency", "usd"))));
        Assert.Equal(("active", 0, "paid"), (Text(free, "status"), Number((await InvoicesAsync(free))[0], "total"), Text((await InvoicesAsync(free))[0], "status")));
    }

    [Fact]
    public async Task What_is_given_back_of_a_discounted_month_is_what_it_cost()
    {
        var (clock, subscription) = await SubscribeAsync(4900, ("coupon", await CouponAsync(("percent_off", 50), ("duration", "forever"))));
        await AdvanceAsync(clock, Start.AddDays(14)); // half of 28 days
        await stripe.PostAsync($"/subscriptions/{Text(subscription, "id")}", ("items[0][id]", Text(subscription["items"]!["data"]![0]!, "id")), ("items[0][price]", await PriceAsync(19900)), ("proration_behavior", "always_invoice"));
        Assert.Equal([-1225, 4975], (await InvoicesAsync(subscription))[^1]["lines"]!["data"]!.AsArray().Select(l => Number(l!, "amount")));
    }

    [Fact]
    public async Task A_promotion_code_is_for_whom_and_how_often_it_says()
    {
        var coupon = await CouponAsync(("percent_off", 10), ("duration", "once"));
        var stranger = Text(await stripe.PostAsync("/customers"), "id");
        var own = Text(await stripe.PostAsync("/promotion_codes", ("coupon", coupon), ("customer", stranger)), "id");
        var first = Text(await stripe.PostAsync("/promotion_codes", ("coupon", coupon), ("code", "FIRST"), ("restrictions[first_time_transaction]", true)), "id");
        Assert.Equal("resource_already_exists", (await stripe.SendAsync("/promotion_codes", ("coupon", coupon), ("code", "first"))).Code);
        var (_, subscription) = await SubscribeAsync(4900, ("promotion_code", first));
        Assert.Equal(4410, Number((await InvoicesAsync(subscription))[0], "amount_paid"));
        Assert.Equal("promotion_code_customer_not_first_time", (await stripe.SendAsync($"/subscriptions/{Text(subscription, "id")}", ("promotion_code", first))).Code);
        Assert.Equal("coupon_customer_mismatch", (await stripe.SendAsync($"/subscriptions/{Text(subscription, "id")}", ("promotion_code", own))).Code);
        await stripe.PostAsync($"/promotion_codes/{first}", ("active", false));
        Assert.Equal("promotion_code_inactive", (await stripe.SendAsync($"/subscriptions/{Text(subscription, "id")}", ("promotion_code", first))).Code);
    }

    [Fact]
    public async Task A_coupon_is_used_up_and_once_deleted_stays_with_those_who_have_it()
    {
        var coupon = await CouponAsync(("percent_off", 10), ("duration", "forever"), ("max_redemptions", 1), ("id", "ONE"));
        var (clock, subscription) = await SubscribeAsync(4900, ("coupon", coupon));
        Assert.False((await stripe.GetAsync("/coupons/ONE"))["valid"]!.GetValue<bool>());
        Assert.Equal("coupon_expired", (await stripe.SendAsync($"/subscriptions/{Text(subscription, "id")}", ("coupon", coupon))).Code);
        Assert.Equal("resource_already_exists", (await stripe.SendAsync("/coupons", ("percent_off", 5), ("id", "ONE"))).Code);
        await stripe.DeleteAsync("/coupons/ONE");
        await AdvanceAsync(clock, Start.AddMonths(1));
        Assert.Equal(4410, Number((await InvoicesAsync(subscription))[1], "amount_paid"));
        await stripe.DeleteAsync($"/subscriptions/{Text(subscription, "id")}/discount");
        await AdvanceAsync(clock, Start.AddMonths(2));
        Assert.Equal(4900, Number((await InvoicesAsync(subscription))[2], "amount_paid"));
    }

    [Theory]
    [InlineData("duration=once", "percent_off")]
    [InlineData("percent_off=5&amount_off=5", "amount_off")]
    [InlineData("percent_off=101", "percent_off")]
    [InlineData("amount_off=500", "currency")]
    [InlineData("percent_off=5&duration=repeating", "duration_in_months")]
    [InlineData("percent_off=5&duration=sometimes", "duration")]
    [InlineData("percent_off=5&redeem_by=5", "redeem_by")]
    public async Task A_wrong_coupon_is_told_which_parameter_is_wrong(string body, string param)
    {
        var answer = await stripe.SendAsync("/coupons", [.. body.Split('&').Select(p => p.Split('=', 2)).Select(p => (p[0], (object)p[1]))]);
        Assert.Equal((HttpStatusCode.BadRequest, param), (answer.Status, answer.Param));
    }

    [Fact]
    public async Task The_upcoming_invoice_shows_the_next_month_or_a_change_only_thought_of_and_changes_nothing()
    {
        var (_, subscription) = await SubscribeAsync(4900, ("coupon", await CouponAsync(("percent_off", 10), ("duration", "forever"))));
        var id = Text(subscription, "id");
        var before = (await stripe.GetAsync("/events?limit=1"))["data"]![0]!["id"]!.ToString();
        var next = await stripe.GetAsync($"/invoices/upcoming?subscription={id}");
        Assert.Equal((4410, "draft"), (Number(next, "amount_due"), Text(next, "status")));
        Assert.Equal(Start.AddMonths(1).ToUnixTimeSeconds(), Number(next["lines"]!["data"]![0]!["period"]!, "start"));
        Assert.Null(next["id"]);
        var changed = await stripe.GetAsync($"/invoices/upcoming?subscription={id}&subscription_items[0][id]={Text(subscription["items"]!["data"]![0]!, "id")}&subscription_items[0][price]={await PriceAsync(19900)}");
        Assert.Equal([-4410, 17910, 19900], changed["lines"]!["data"]!.AsArray().Select(l => Number(l!, "amount")));
        Assert.Equal(17910 - 4410 + 17910, Number(changed, "amount_due"));
        Assert.Single(await InvoicesAsync(subscription));
        Assert.Empty((await stripe.GetAsync($"/invoiceitems?customer={Text(subscription, "customer")}"))["data"]!.AsArray());
        Assert.All((await stripe.GetAsync($"/events?ending_before={before}&limit=100"))["data"]!.AsArray(), told => Assert.Equal("price.created", Text(told!, "type")));
        await stripe.PostAsync($"/subscriptions/{id}", ("cancel_at_period_end", true));
        Assert.Equal((HttpStatusCode.NotFound, "invoice_upcoming_none"), ((await stripe.SendAsync(HttpMethod.Get, $"/invoices/upcoming?subscription={id}", [], null)).Status, (await stripe.SendAsync(HttpMethod.Get, $"/invoices/upcoming?subscription={id}", [], null)).Code));
    }
}
