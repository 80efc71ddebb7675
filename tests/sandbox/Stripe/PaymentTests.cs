using System.Net;
using System.Text.Json.Nodes;

namespace Empire.Sandbox.Tests.Stripe;

public sealed class PaymentTests(SandboxApp app) : IClassFixture<SandboxApp>, IDisposable
{
    readonly StripeApi stripe = new(app);

    public void Dispose() => stripe.Dispose();

    static string Id(JsonNode item) => item["id"]!.ToString();

    static (string, int, int) Money(JsonNode intent) => (intent["status"]!.ToString(), intent["amount_received"]!.GetValue<int>(), intent["amount_capturable"]!.GetValue<int>());

    [Fact]
    public async Task A_charge_books_its_gross_fee_and_net()
    {
        var paid = await stripe.PayAsync(9700, more: ("expand[]", "latest_charge.balance_transaction"));
        var charge = paid.Body["latest_charge"]!;
        var booked = charge["balance_transaction"]!;
        Assert.Equal(("succeeded", 9700, 0), Money(paid.Body));
        Assert.Equal((9700, 311, 9389), (booked["amount"]!.GetValue<int>(), booked["fee"]!.GetValue<int>(), booked["net"]!.GetValue<int>())); // 2.9 % and 30 cents
        Assert.Equal(Id(charge), booked["source"]!.ToString());
        Assert.Equal(Id(booked), Id(await stripe.GetAsync($"/balance_transactions/{Id(booked)}")));
        Assert.Equal(("4242", "visa"), (charge["payment_method_details"]!["card"]!["last4"]!.ToString(), charge["payment_method_details"]!["card"]!["brand"]!.ToString()));
    }

    [Fact]
    public async Task Yen_have_no_decimals()
    {
        var paid = await stripe.PayAsync(1500, currency: "jpy", more: ("expand[]", "latest_charge.balance_transaction"));
        Assert.Equal(74, paid.Body["latest_charge"]!["balance_transaction"]!["fee"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("pm_card_chargeDeclined", "card_declined", "generic_decline")]
    [InlineData("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds")]
    [InlineData("pm_card_chargeDeclinedExpiredCard", "expired_card", null)]
    public async Task A_declined_card_answers_402_and_leaves_a_failed_charge(string card, string code, string? declineCode)
    {
        var declined = await stripe.PayAsync(5000, card);
        Assert.Equal(HttpStatusCode.PaymentRequired, declined.Status);
        Assert.Equal(("card_error", code, declineCode), (declined.Error["type"]!.ToString(), declined.Code, declined.Error["decline_code"]?.ToString()));
        var intent = await stripe.GetAsync($"/payment_intents/{Id(declined.Error["payment_intent"]!)}");
        Assert.Equal("requires_payment_method", intent["status"]!.ToString());
        Assert.Equal(code, intent["last_payment_error"]!["code"]!.ToString());
        var charge = await stripe.GetAsync($"/charges/{intent["latest_charge"]}");
        Assert.Equal(("failed", false, code), (charge["status"]!.ToString(), charge["paid"]!.GetValue<bool>(), charge["failure_code"]!.ToString()));

        var second = await stripe.PostAsync($"/payment_intents/{Id(intent)}/confirm", ("payment_method", "pm_card_mastercard"));
        Assert.Equal("succeeded", second["status"]!.ToString());
        Assert.Null(second["last_payment_error"]);
    }

    [Fact]
    public async Task The_cardholder_s_bank_asks_and_the_payment_succeeds_when_it_was_them()
    {
        var asked = (await stripe.PayAsync(5000, "pm_card_authenticationRequired", more: ("return_url", "https://shop.example/back?order=7"))).Body;
        Assert.Equal("requires_action", asked["status"]!.ToString());
        Assert.StartsWith($"{Id(asked)}_secret_", asked["client_secret"]!.ToString(), StringComparison.Ordinal);
        var page = asked["next_action"]!["redirect_to_url"]!["url"]!.ToString();
        Assert.Contains("50.00 USD", await stripe.PageAsync(page), StringComparison.Ordinal);

        var back = await stripe.PressAsync(page, "answer", "complete");
        Assert.Equal("https://shop.example/back", back!.GetLeftPart(UriPartial.Path));
        Assert.Contains("order=7&payment_intent=" + Id(asked), back.Query, StringComparison.Ordinal);
        Assert.Contains("redirect_status=succeeded", back.Query, StringComparison.Ordinal);
        var paid = await stripe.GetAsync($"/payment_intents/{Id(asked)}?expand[]=latest_charge");
        Assert.Equal(("succeeded", 5000, 0), Money(paid));
        Assert.Equal("authenticated", paid["latest_charge"]!["payment_method_details"]!["card"]!["three_d_secure"]!["result"]!.ToString());
    }

    [Fact]
    public async Task The_payment_fails_when_it_was_not_them_and_nothing_is_charged()
    {
        var asked = (await stripe.PayAsync(5000, "pm_card_authenticationRequired")).Body;
        await stripe.PressAsync(asked["next_action"]!["use_stripe_sdk"]!["stripe_js"]!.ToString(), "answer", "fail");
        var failed = await stripe.GetAsync($"/payment_intents/{Id(asked)}");
        Assert.Equal(("requires_payment_method", 0, 0), Money(failed));
        Assert.Equal("payment_intent_authentication_failure", failed["last_payment_error"]!["code"]!.ToString());
        Assert.Empty((await stripe.GetAsync($"/charges?payment_intent={Id(asked)}"))["data"]!.AsArray());
    }

    [Fact]
    public async Task Without_the_cardholder_authentication_is_a_decline()
    {
        var declined = await stripe.PayAsync(5000, "pm_card_authenticationRequired", more: ("off_session", true));
        Assert.Equal((HttpStatusCode.PaymentRequired, "authentication_required"), (declined.Status, declined.Code));
    }

    [Fact]
    public async Task What_is_only_held_is_captured_in_part_and_the_rest_let_go()
    {
        var held = (await stripe.PayAsync(8000, more: ("capture_method", "manual"))).Body;
        Assert.Equal(("requires_capture", 0, 8000), Money(held));
        var tooMuch = await stripe.SendAsync($"/payment_intents/{Id(held)}/capture", ("amount_to_capture", 8001));
        Assert.Equal((HttpStatusCode.BadRequest, "amount_to_capture"), (tooMuch.Status, tooMuch.Param));
        var captured = await stripe.PostAsync($"/payment_intents/{Id(held)}/capture", ("amount_to_capture", 6000), ("expand[]", "latest_charge.balance_transaction"));
        Assert.Equal(("succeeded", 6000, 0), Money(captured));
        Assert.Equal(6000, captured["latest_charge"]!["balance_transaction"]!["amount"]!.GetValue<int>());
        Assert.Equal("payment_intent_unexpected_state", (await stripe.SendAsync($"/payment_intents/{Id(held)}/cancel")).Code);
    }

    [Fact]
    public async Task A_canceled_intent_is_never_paid()
    {
        var intent = await stripe.PostAsync("/payment_intents", ("amount", 1000), ("currency", "eur"), ("payment_method", "pm_card_visa"), ("payment_method_types[]", "card"));
        Assert.Equal("requires_confirmation", intent["status"]!.ToString());
        var canceled = await stripe.PostAsync($"/payment_intents/{Id(intent)}/cancel", ("cancellation_reason", "abandoned"));
        Assert.Equal(("canceled", "abandoned"), (canceled["status"]!.ToString(), canceled["cancellation_reason"]!.ToString()));
        Assert.Equal("payment_intent_unexpected_state", (await stripe.SendAsync($"/payment_intents/{Id(intent)}/confirm")).Code);
    }

    [Fact]
    public async Task Refunds_never_exceed_the_charge()
    {
        var intent = Id((await stripe.PayAsync(9700)).Body);
        var part = await stripe.PostAsync("/refunds", ("payment_intent", intent), ("amount", 3000), ("reason", "requested_by_customer"), ("expand[]", "balance_transaction"));
        Assert.Equal(("succeeded", -3000, 0), (part["status"]!.ToString(), part["balance_transaction"]!["net"]!.GetValue<int>(), part["balance_transaction"]!["fee"]!.GetValue<int>()));
        var tooMuch = await stripe.SendAsync("/refunds", ("payment_intent", intent), ("amount", 6800));
        Assert.Equal((HttpStatusCode.BadRequest, "amount_too_large", "amount"), (tooMuch.Status, tooMuch.Code, tooMuch.Param));
        await stripe.PostAsync("/refunds", ("payment_intent", intent));
        var charge = await stripe.GetAsync($"/charges/{part["charge"]}?expand[]=refunds");
        Assert.Equal((9700, true, 2), (charge["amount_refunded"]!.GetValue<int>(), charge["refunded"]!.GetValue<bool>(), charge["refunds"]!["data"]!.AsArray().Count));
        Assert.Equal("charge_already_refunded", (await stripe.SendAsync("/refunds", ("charge", Id(charge)))).Code);
    }

    [Fact]
    public async Task A_card_is_attached_listed_used_and_detached()
    {
        var customer = Id(await stripe.PostAsync("/customers", ("email", "ada@example.com"), ("metadata[tier]", "free")));
        var card = await stripe.PostAsync("/payment_methods", ("type", "card"), ("card[token]", "tok_mastercard"), ("billing_details[name]", "Ada"));
        await stripe.PostAsync($"/payment_methods/{Id(card)}/attach", ("customer", customer));
        Assert.Equal([Id(card)], (await stripe.GetAsync($"/payment_methods?customer={customer}"))["data"]!.AsArray().Select(m => Id(m!)));
        Assert.Equal("succeeded", (await stripe.PayAsync(700, Id(card), more: ("customer", customer))).Body["status"]!.ToString());
        Assert.Equal("payment_intent_invalid_parameter", (await stripe.PayAsync(700, Id(card))).Code);
        await stripe.PostAsync($"/payment_methods/{Id(card)}/detach");
        Assert.Equal("payment_intent_invalid_parameter", (await stripe.PayAsync(700, Id(card), more: ("customer", customer))).Code);
        Assert.Empty((await stripe.GetAsync($"/customers/{customer}/payment_methods"))["data"]!.AsArray());
    }

    [Fact]
    public async Task A_card_that_declines_is_not_attached_but_one_may_turn_bad_later()
    {
        var customer = Id(await stripe.PostAsync("/customers"));
        Assert.Equal((HttpStatusCode.PaymentRequired, "card_declined"), await CodeAsync("pm_card_chargeDeclined"));
        var bad = await stripe.PostAsync("/payment_methods/pm_card_chargeCustomerFail/attach", ("customer", customer));
        Assert.Equal("card_declined", (await stripe.PayAsync(700, Id(bad), more: ("customer", customer))).Code);

        async Task<(HttpStatusCode, string?)> CodeAsync(string card)
        {
            var answer = await stripe.SendAsync($"/payment_methods/{card}/attach", ("customer", customer));
            return (answer.Status, answer.Code);
        }
    }

    [Fact]
    public async Task A_customer_is_made_changed_listed_and_deleted()
    {
        var made = await stripe.PostAsync("/customers", ("email", "grace@example.com"), ("name", "Grace"), ("metadata[a]", "1"), ("metadata[b]", "2"), ("address[city]", "Lagos"));
        var changed = await stripe.PostAsync($"/customers/{Id(made)}", ("name", ""), ("metadata[a]", ""), ("metadata[c]", "3"));
        Assert.Null(changed["name"]);
        Assert.Equal(["b", "c"], changed["metadata"]!.AsObject().Select(m => m.Key));
        Assert.Equal([Id(made)], (await stripe.GetAsync("/customers?email=grace@example.com"))["data"]!.AsArray().Select(c => Id(c!)));
        await stripe.DeleteAsync($"/customers/{Id(made)}");
        Assert.True((await stripe.GetAsync($"/customers/{Id(made)}"))["deleted"]!.GetValue<bool>());
        Assert.Equal("resource_missing", (await stripe.PayAsync(700, more: ("customer", Id(made)))).Code);
    }

    [Fact]
    public async Task A_list_is_paged_newest_first_without_gaps_or_repeats()
    {
        var customer = Id(await stripe.PostAsync("/customers"));
        var made = new List<string>();
        for (var i = 0; i < 5; i++) made.Insert(0, Id(await stripe.PostAsync("/payment_intents", ("amount", 100 + i), ("currency", "usd"), ("customer", customer))));
        var first = await stripe.GetAsync($"/payment_intents?customer={customer}&limit=2");
        var second = await stripe.GetAsync($"/payment_intents?customer={customer}&limit=3&starting_after={made[1]}");
        var before = await stripe.GetAsync($"/payment_intents?customer={customer}&limit=2&ending_before={made[3]}");
        Assert.Equal(made[..2], Ids(first));
        Assert.Equal(made[2..], Ids(second));
        Assert.Equal(made[1..3], Ids(before));
        Assert.Equal([true, false, true], new[] { first, second, before }.Select(l => l["has_more"]!.GetValue<bool>()));

        static List<string> Ids(JsonObject list) => [.. list["data"]!.AsArray().Select(i => Id(i!))];
    }

    [Fact]
    public async Task The_control_side_counts_every_charge()
    {
        await app.ResetAsync();
        await stripe.PayAsync(1000);
        await stripe.PayAsync(1000, "pm_card_chargeDeclined");
        using var client = app.Client();
        var charges = JsonNode.Parse(await client.GetStringAsync("/control/stripe/charges"))!["data"]!.AsArray();
        Assert.Equal(["succeeded", "failed"], charges.Select(c => c!["status"]!.ToString()));
    }
}
