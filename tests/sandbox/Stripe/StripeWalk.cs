using System.Text.Json.Nodes;

namespace Empire.Sandbox.Tests.Stripe;

/// <summary>One of everything, in as many states as there are.</summary>
static class StripeWalk
{
    public static readonly IReadOnlyList<string> Lists =
    [
        "/customers", "/payment_methods", "/payment_intents", "/payment_intents?expand[]=data.latest_charge.balance_transaction", "/charges", "/charges?expand[]=data.refunds", "/balance_transactions",
        "/refunds", "/events", "/webhook_endpoints", "/products", "/prices?expand[]=data.product", "/subscriptions?status=all&expand[]=data.latest_invoice.charge&test_clock={clock}",
        "/invoices?expand[]=data.subscription", "/invoiceitems", "/test_helpers/test_clocks",
        "/disputes", "/accounts", "/transfers?expand[]=data.balance_transaction", "/application_fees?expand[]=data.charge", "/payouts?expand[]=data.balance_transaction",
        "/coupons", "/promotion_codes", "/tax_rates", "/checkout/sessions?expand[]=data.line_items&expand[]=data.payment_intent&expand[]=data.subscription",
    ];

    public static async Task EverythingAsync(StripeApi stripe, SandboxApp app)
    {
        var customer = (await stripe.PostAsync("/customers", ("email", "ada@example.com"), ("address[city]", "Lagos"), ("shipping[name]", "Ada"), ("shipping[address][line1]", "1 Road")))["id"]!.ToString();
        var card = (await stripe.PostAsync("/payment_methods/pm_card_visa/attach", ("customer", customer)))["id"]!.ToString();
        await stripe.PostAsync($"/customers/{customer}", ("invoice_settings[default_payment_method]", card));
        await stripe.PostAsync($"/payment_methods/{card}", ("card[exp_month]", 11));
        var paid = (await stripe.PayAsync(9700, card, more: [("customer", customer), ("metadata[order]", "7")])).Body["id"]!;
        await stripe.PostAsync("/refunds", ("payment_intent", paid), ("amount", 700));
        await stripe.PayAsync(5000, "pm_card_chargeDeclinedInsufficientFunds");
        await stripe.PayAsync(5000, "pm_card_authenticationRequired", more: ("return_url", "https://shop.example/"));
        var asked = (await stripe.PayAsync(5000, "pm_card_threeDSecure2Required")).Body["id"]!;
        await stripe.PressAsync($"/stripe/authenticate/{asked}", "answer", "fail");
        var held = (await stripe.PayAsync(8000, more: ("capture_method", "manual"))).Body["id"]!;
        await stripe.PostAsync($"/payment_intents/{held}/capture", ("amount_to_capture", 10));
        await stripe.PostAsync($"/payment_intents/{(await stripe.PayAsync(8000, more: ("capture_method", "manual"))).Body["id"]}/cancel");
        await stripe.PostAsync("/payment_intents", ("amount", 1500), ("currency", "jpy"));
        await BillAsync(stripe);
        await ShareAsync(stripe);
        await CheckOutAsync(stripe);
        await stripe.PostAsync("/webhook_endpoints", ("url", "https://shop.example/hook"), ("enabled_events[]", "treasury.*"));
    }

    /// <summary>Subscriptions in every status, and a change in the middle of a month.</summary>
    static async Task BillAsync(StripeApi stripe)
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var clock = (await stripe.PostAsync("/test_helpers/test_clocks", ("frozen_time", start.ToUnixTimeSeconds()), ("name", "walk")))["id"]!.ToString();
        var product = (await stripe.PostAsync("/products", ("name", "Professional"), ("description", "All features")))["id"]!;
        var (low, high) = (await PriceAsync(4900), await PriceAsync(19900));
        var customer = (await stripe.PostAsync("/customers", ("test_clock", clock), ("payment_method", "pm_card_visa")))["id"]!.ToString();
        var card = (await stripe.GetAsync($"/payment_methods?customer={customer}"))["data"]![0]!["id"]!;
        var asking = (await stripe.PostAsync("/payment_methods/pm_card_authenticationRequired/attach", ("customer", customer)))["id"]!;
        var failing = (await stripe.PostAsync("/payment_methods/pm_card_chargeCustomerFail/attach", ("customer", customer)))["id"]!;
        var changed = await SubscribeAsync(card);
        await SubscribeAsync(asking);
        await SubscribeAsync(failing);
        await SubscribeAsync(card, ("trial_period_days", 60));
        await SubscribeAsync(card, ("cancel_at_period_end", true));
        foreach (var inclusive in (bool[])[false, true]) await SubscribeAsync(card, ("default_tax_rates[0]", (await stripe.PostAsync("/tax_rates", ("display_name", "VAT"), ("percentage", 19.5m), ("inclusive", inclusive ? "true" : "false")))["id"]!));
        var behind = await SubscribeAsync(card);
        await stripe.PostAsync($"/subscriptions/{behind["id"]}", ("default_payment_method", failing));
        await AdvanceAsync(10);
        await stripe.PostAsync($"/subscriptions/{changed["id"]}", ("items[0][id]", changed["items"]!["data"]![0]!["id"]!), ("items[0][price]", high), ("proration_behavior", "always_invoice"));
        await stripe.PostAsync($"/subscriptions/{changed["id"]}", ("default_payment_method", failing));
        await stripe.PostAsync($"/subscriptions/{changed["id"]}", ("items[0][id]", changed["items"]!["data"]![0]!["id"]!), ("items[0][price]", low), ("items[0][quantity]", 9), ("proration_behavior", "always_invoice"), ("payment_behavior", "pending_if_incomplete"));
        await stripe.PostAsync($"/subscriptions/{changed["id"]}", ("default_payment_method", card));
        await stripe.PostAsync($"/subscriptions/{changed["id"]}", ("coupon", (await stripe.PostAsync("/coupons", ("percent_off", 12.5m), ("duration", "forever"), ("name", "An eighth off")))["id"]!));
        await AdvanceAsync(32);

        async Task<JsonNode> PriceAsync(int amount) => (await stripe.PostAsync("/prices", ("currency", "usd"), ("unit_amount", amount), ("recurring[interval]", "month"), ("product", product)))["id"]!;
        Task<JsonObject> SubscribeAsync(JsonNode method, params (string, object)[] more) =>
            stripe.PostAsync("/subscriptions", [("customer", customer), ("items[0][price]", low), ("default_payment_method", method), .. more]);
        Task AdvanceAsync(int days) => stripe.PostAsync($"/test_helpers/test_clocks/{clock}/advance", ("frozen_time", start.AddDays(days).ToUnixTimeSeconds()));
    }

    /// <summary>A seller's sale with its fee, refunded in part; disputes; payouts.</summary>
    static async Task ShareAsync(StripeApi stripe)
    {
        await stripe.PostAsync("/accounts", ("type", "standard"));
        var seller = (await stripe.PostAsync("/accounts", ("type", "express"), ("capabilities[transfers][requested]", true)))["id"]!;
        var link = await stripe.PostAsync("/account_links", ("account", seller), ("type", "account_onboarding"), ("return_url", "https://shop.example/"), ("refresh_url", "https://shop.example/"));
        await stripe.PressAsync(link["url"]!.ToString(), "answer", "complete");
        var sale = (await stripe.PayAsync(10_000, "pm_card_bypassPending", more: [("transfer_data[destination]", seller), ("application_fee_amount", 1000)])).Body["id"]!;
        await stripe.PostAsync("/refunds", ("payment_intent", sale), ("amount", 100), ("reverse_transfer", true), ("refund_application_fee", true));
        foreach (var evidence in (string[])["winning_evidence", "losing_evidence", "It was them."])
        {
            var paid = (await stripe.PayAsync(5000, "pm_card_createDisputeProductNotReceived")).Body["id"]!;
            var dispute = (await stripe.GetAsync($"/disputes?payment_intent={paid}"))["data"]![0]!["id"]!;
            await stripe.PostAsync($"/disputes/{dispute}", ("evidence[uncategorized_text]", evidence));
        }
        await stripe.PayAsync(100_000, "pm_card_bypassPending");
        await stripe.PostAsync("/payouts", ("amount", 500), ("currency", "usd"));
        await stripe.PostAsync($"/payouts/{(await stripe.PostAsync("/payouts", ("amount", 500), ("currency", "usd")))["id"]}/cancel");
        await stripe.PostAsync("/payouts", ("amount", 500), ("currency", "usd"), ("method", "instant"));
    }

    /// <summary>Checkouts open, paid, asked for, expired, and with a subscription of a discount.</summary>
    static async Task CheckOutAsync(StripeApi stripe)
    {
        var coupon = (await stripe.PostAsync("/coupons", ("amount_off", 500), ("currency", "usd"), ("duration", "repeating"), ("duration_in_months", 3)))["id"]!;
        var code = (await stripe.PostAsync("/promotion_codes", ("coupon", coupon), ("code", "WELCOME"), ("restrictions[minimum_amount]", 1000), ("restrictions[minimum_amount_currency]", "usd")))["id"]!;
        var monthly = (await stripe.PostAsync("/prices", ("currency", "usd"), ("unit_amount", 4900), ("recurring[interval]", "month"), ("product_data[name]", "Professional")))["id"]!;
        await OpenAsync("payment");
        await stripe.PressAsync((await OpenAsync("payment", ("metadata[order]", "7"), ("customer_creation", "always")))["url"]!.ToString(), "answer", "pay");
        await stripe.PressAsync((await OpenAsync("payment"))["url"]!.ToString(), "answer", "authenticate");
        await stripe.PostAsync($"/checkout/sessions/{(await OpenAsync("payment"))["id"]}/expire");
        await stripe.PressAsync((await OpenAsync("subscription", ("discounts[0][promotion_code]", code)))["url"]!.ToString(), "answer", "pay");

        Task<JsonObject> OpenAsync(string mode, params (string, object)[] more) => stripe.PostAsync("/checkout/sessions", [("mode", mode), ("success_url", "https://shop.example/thanks"), ("customer_email", "ada@example.com"),
            ("line_items[0][quantity]", 1), .. mode == "subscription" ? [("line_items[0][price]", (object)monthly)]
                : new (string, object)[] { ("line_items[0][price_data][currency]", "usd"), ("line_items[0][price_data][unit_amount]", 4900), ("line_items[0][price_data][product_data][name]", "A month") }, .. more]);
    }
}
