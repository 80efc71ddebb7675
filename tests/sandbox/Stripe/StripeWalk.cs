namespace Empire.Sandbox.Tests.Stripe;

/// <summary>One of everything, in as many states as there are.</summary>
static class StripeWalk
{
    public static readonly IReadOnlyList<string> Lists =
    [
        "/customers", "/payment_methods", "/payment_intents", "/payment_intents?expand[]=data.latest_charge.balance_transaction", "/charges", "/charges?expand[]=data.refunds", "/balance_transactions",
        "/refunds", "/events", "/webhook_endpoints",
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
        await stripe.PostAsync("/webhook_endpoints", ("url", "https://shop.example/hook"), ("enabled_events[]", "treasury.*"));
    }
}
