using System.Net;
using System.Text.Json.Nodes;

namespace Empire.Sandbox.Tests.Stripe;

public sealed class CheckoutTests(SandboxApp app) : IClassFixture<SandboxApp>, IDisposable
{
    readonly StripeApi stripe = new(app);

    public void Dispose() => stripe.Dispose();

    static string Text(JsonNode item, string field) => item[field]!.ToString();

    static readonly (string, object)[] Once =
    [
        ("mode", "payment"), ("success_url", "https://shop.example/thanks?session={CHECKOUT_SESSION_ID}"), ("cancel_url", "https://shop.example/basket"), ("line_items[0][quantity]", 1),
        ("line_items[0][price_data][currency]", "usd"), ("line_items[0][price_data][unit_amount]", 4900), ("line_items[0][price_data][product_data][name]", "A month"),
    ];

    Task<JsonObject> OpenAsync(params (string, object)[] more) => stripe.PostAsync("/checkout/sessions", [.. Once, .. more]);

    async Task<(string, object)[]> MonthlyAsync() =>
    [
        ("mode", "subscription"), ("success_url", "https://shop.example/thanks"), ("line_items[0][quantity]", 1),
        ("line_items[0][price]", Text(await stripe.PostAsync("/prices", ("currency", "usd"), ("unit_amount", 4900), ("recurring[interval]", "month"), ("product_data[name]", "Professional")), "id")),
    ];

    Task<JsonObject> GetAsync(JsonNode session) => stripe.GetAsync($"/checkout/sessions/{Text(session, "id")}?expand[]=payment_intent.latest_charge&expand[]=subscription.latest_invoice");

    [Fact]
    public async Task Paying_makes_an_intent_with_the_given_metadata_and_a_charge_and_leads_to_the_success_address()
    {
        await app.ResetAsync();
        var session = await OpenAsync(("customer_email", "ada@example.com"), ("client_reference_id", "order-7"), ("payment_intent_data[metadata][order]", "7"), ("payment_intent_data[description]", "Order 7"));
        Assert.Equal(("open", "unpaid", 4900), (Text(session, "status"), Text(session, "payment_status"), session["amount_total"]!.GetValue<int>()));
        Assert.Null(session["payment_intent"]); // until the payer pays there is nothing but the page
        Assert.Contains("49.00 USD", await stripe.PageAsync(Text(session, "url")), StringComparison.Ordinal);
        var back = await stripe.PressAsync(Text(session, "url"), "answer", "pay");
        Assert.Equal($"https://shop.example/thanks?session={Text(session, "id")}", back!.AbsoluteUri);
        var paid = await GetAsync(session);
        var intent = paid["payment_intent"]!;
        Assert.Equal(("complete", "paid", "succeeded", "Order 7"), (Text(paid, "status"), Text(paid, "payment_status"), Text(intent, "status"), Text(intent, "description")));
        Assert.Equal(("7", "7", "ada@example.com"), (Text(intent["metadata"]!, "order"), Text(intent["latest_charge"]!["metadata"]!, "order"), Text(intent["latest_charge"]!["billing_details"]!, "email")));
        Assert.Equal("order-7", Text((await stripe.GetAsync("/events?type=checkout.session.completed"))["data"]![0]!["data"]!["object"]!, "client_reference_id"));
        Assert.Equal("A month", Text((await stripe.GetAsync($"/checkout/sessions/{Text(session, "id")}/line_items"))["data"]![0]!, "description"));
        using var client = app.Client();
        using var again = await client.PostAsync($"/stripe/checkout/{Text(session, "id")}", new FormUrlEncodedContent([KeyValuePair.Create("answer", "pay")]));
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Single((await stripe.GetAsync("/charges"))["data"]!.AsArray());
    }

    [Fact]
    public async Task A_declined_card_leaves_it_open_for_another_one_and_canceling_leads_back()
    {
        var session = await OpenAsync(("customer_email", "ada@example.com"));
        using var client = app.Client();
        using var declined = await client.PostAsync($"/stripe/checkout/{Text(session, "id")}", new FormUrlEncodedContent([KeyValuePair.Create("answer", "decline")]));
        Assert.Equal(HttpStatusCode.PaymentRequired, declined.StatusCode);
        Assert.Contains("Your card was declined.", await declined.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var open = await GetAsync(session);
        Assert.Equal(("open", "requires_payment_method"), (Text(open, "status"), Text(open["payment_intent"]!, "status")));
        Assert.Equal("https://shop.example/basket", (await stripe.PressAsync(Text(session, "url"), "answer", "cancel"))!.AbsoluteUri);
        await stripe.PressAsync(Text(session, "url"), "answer", "pay");
        var paid = await GetAsync(session);
        Assert.Equal((Text(open["payment_intent"]!, "id"), "complete"), (Text(paid["payment_intent"]!, "id"), Text(paid, "status")));
    }

    [Theory]
    [InlineData("complete", "https://shop.example/thanks", "complete")]
    [InlineData("fail", "/back", "open")]
    public async Task Where_the_bank_asks_its_answer_decides(string answer, string leads, string status)
    {
        var session = await OpenAsync(("customer_email", "ada@example.com"));
        var bank = await stripe.PressAsync(Text(session, "url"), "answer", "authenticate");
        var back = await stripe.PressAsync(bank!.AbsoluteUri, "answer", answer);
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var shown = await browser.GetAsync(back);
        Assert.Contains(leads, shown.Headers.Location?.AbsoluteUri ?? back!.AbsolutePath, StringComparison.Ordinal);
        Assert.Equal(status, Text(await GetAsync(session), "status"));
    }

    [Fact]
    public async Task A_subscription_begins_when_it_is_paid_with_a_customer_who_keeps_the_card()
    {
        await app.ResetAsync();
        var session = await stripe.PostAsync("/checkout/sessions", [.. await MonthlyAsync(), ("customer_email", "ada@example.com"), ("subscription_data[metadata][plan]", "pro")]);
        Assert.Empty((await stripe.GetAsync("/customers"))["data"]!.AsArray());
        await stripe.PressAsync(Text(session, "url"), "answer", "pay");
        var begun = await GetAsync(session);
        Assert.Equal(("complete", "active", "paid", "pro"), (Text(begun, "status"), Text(begun["subscription"]!, "status"), Text(begun["subscription"]!["latest_invoice"]!, "status"), Text(begun["subscription"]!["metadata"]!, "plan")));
        Assert.Equal("ada@example.com", Text(await stripe.GetAsync($"/customers/{Text(begun, "customer")}"), "email"));
        Assert.Equal(Text(begun, "customer"), Text(await stripe.GetAsync($"/payment_methods/{Text(begun["subscription"]!, "default_payment_method")}"), "customer"));

        var declined = await stripe.PostAsync("/checkout/sessions", [.. await MonthlyAsync(), ("customer_email", "bob@example.com")]);
        using var client = app.Client();
        using var refused = await client.PostAsync($"/stripe/checkout/{Text(declined, "id")}", new FormUrlEncodedContent([KeyValuePair.Create("answer", "decline")]));
        Assert.Equal(HttpStatusCode.PaymentRequired, refused.StatusCode);
        Assert.Single((await stripe.GetAsync("/subscriptions?status=all"))["data"]!.AsArray());
    }

    [Fact]
    public async Task An_expired_one_cannot_be_paid()
    {
        var session = await OpenAsync(("customer_email", "ada@example.com"));
        Assert.Equal("expired", Text(await stripe.PostAsync($"/checkout/sessions/{Text(session, "id")}/expire"), "status"));
        using var client = app.Client();
        using var late = await client.PostAsync($"/stripe/checkout/{Text(session, "id")}", new FormUrlEncodedContent([KeyValuePair.Create("answer", "pay")]));
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await stripe.SendAsync($"/checkout/sessions/{Text(session, "id")}/expire")).Status);
    }

    [Fact]
    public async Task A_promotion_code_is_typed_on_the_page_and_counted_when_it_is_paid()
    {
        var coupon = Text(await stripe.PostAsync("/coupons", ("percent_off", 50), ("duration", "once")), "id");
        await stripe.PostAsync("/promotion_codes", ("coupon", coupon), ("code", "HALF"), ("max_redemptions", 1));
        var session = await OpenAsync(("customer_email", "ada@example.com"), ("allow_promotion_codes", true));
        using var client = app.Client();
        using var applied = await client.PostAsync($"/stripe/checkout/{Text(session, "id")}", new FormUrlEncodedContent([KeyValuePair.Create("answer", "apply"), KeyValuePair.Create("code", "half")]));
        Assert.Contains("24.50 USD", await applied.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("0", Text(await stripe.GetAsync($"/coupons/{coupon}"), "times_redeemed"));
        await stripe.PressAsync(Text(session, "url"), "answer", "pay");
        Assert.Equal("2450", Text((await GetAsync(session))["payment_intent"]!, "amount_received"));
        Assert.Equal("1", Text(await stripe.GetAsync($"/coupons/{coupon}"), "times_redeemed"));
        Assert.Empty((await stripe.GetAsync("/promotion_codes?active=true&code=HALF"))["data"]!.AsArray()); // used up
    }

    [Theory]
    [InlineData("success_url=", "success_url")]
    [InlineData("mode=setup", "mode")]
    [InlineData("customer=cus_none", "customer")]
    [InlineData("customer_email=nobody", "customer_email")]
    [InlineData("line_items[0][quantity]=0", "line_items[0][quantity]")]
    [InlineData("line_items[0][price_data][unit_amount]=40", "line_items")]
    [InlineData("line_items[0][price]=price_none", "line_items[0][price]")]
    [InlineData("discounts[0][coupon]=none", "discounts[0][coupon]")]
    [InlineData("payment_intent_data[application_fee_amount]=5", "payment_intent_data[application_fee_amount]")]
    [InlineData("expires_at=5", "expires_at")]
    [InlineData("tax_id_collection[enabled]=true", "tax_id_collection")]
    public async Task A_wrong_session_is_told_which_parameter_is_wrong(string wrong, string param)
    {
        var (name, value) = (wrong[..wrong.IndexOf('=', StringComparison.Ordinal)], wrong[(wrong.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        var answer = await stripe.SendAsync("/checkout/sessions", [.. Once.Where(field => field.Item1 != name && !(name == "line_items[0][price]" && field.Item1.Contains("price_data", StringComparison.Ordinal))), .. value.Length > 0 ? [(name, (object)value)] : Array.Empty<(string, object)>()]);
        Assert.Equal((HttpStatusCode.BadRequest, param), (answer.Status, answer.Param));
    }
}
