using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Empire.Sandbox.Tests.Stripe;

public sealed class MannersTests(SandboxApp app) : IClassFixture<SandboxApp>, IDisposable
{
    readonly StripeApi stripe = new(app);

    public void Dispose() => stripe.Dispose();

    [Fact]
    public async Task A_key_knows_the_customers_of_its_own_mode_and_names_the_other()
    {
        using var live = new StripeApi(app, "sk_live_any");
        var customer = await live.PostAsync("/customers", ("email", "real@example.com"));
        Assert.True(customer["livemode"]!.GetValue<bool>());
        Assert.Equal(customer["id"]!.ToString(), (await live.GetAsync($"/customers/{customer["id"]}"))["id"]!.ToString());
        var strange = await stripe.SendAsync(HttpMethod.Get, $"/customers/{customer["id"]}", [], null);
        Assert.Equal((HttpStatusCode.NotFound, "resource_missing"), (strange.Status, strange.Code));
        Assert.Contains("a similar object exists in live mode, but a test mode key was used", strange.Error["message"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_s_first_answer_is_the_answer_to_its_repeats()
    {
        (string, object)[] payment = [("amount", 4900), ("currency", "usd"), ("confirm", true), ("payment_method", "pm_card_visa"), ("payment_method_types[]", "card")];
        var first = await stripe.SendAsync(HttpMethod.Post, "/payment_intents", payment, "order-1");
        var repeat = await stripe.SendAsync(HttpMethod.Post, "/payment_intents", payment, "order-1");
        Assert.Equal(first.Body.ToJsonString(), repeat.Body.ToJsonString());
        Assert.False(first.Headers.ContainsKey("Idempotent-Replayed"));
        Assert.Equal("true", repeat.Headers["Idempotent-Replayed"]);
        var charges = await stripe.GetAsync($"/charges?payment_intent={first.Body["id"]}");
        Assert.Single(charges["data"]!.AsArray());

        var other = await stripe.SendAsync(HttpMethod.Post, "/payment_intents", [("amount", 4901), .. payment[1..]], "order-1");
        Assert.Equal((HttpStatusCode.BadRequest, "idempotency_error"), (other.Status, other.Error["type"]!.ToString()));
    }

    [Fact]
    public async Task Parallel_repeats_of_one_key_pay_once()
    {
        (string, object)[] payment = [("amount", 4900), ("currency", "usd"), ("confirm", true), ("payment_method", "pm_card_visa"), ("payment_method_types[]", "card")];
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => stripe.SendAsync(HttpMethod.Post, "/payment_intents", payment, "order-parallel")));
        Assert.Single(answers.Select(a => a.Body["id"]!.ToString()).Distinct());
        Assert.Equal(11, answers.Count(a => a.Headers.ContainsKey("Idempotent-Replayed")));
    }

    [Fact]
    public async Task A_decline_is_repeated_too_but_a_refused_parameter_frees_its_key()
    {
        (string, object)[] declined = [("amount", 4900), ("currency", "usd"), ("confirm", true), ("payment_method", "pm_card_chargeDeclined"), ("payment_method_types[]", "card")];
        var first = await stripe.SendAsync(HttpMethod.Post, "/payment_intents", declined, "order-2");
        var repeat = await stripe.SendAsync(HttpMethod.Post, "/payment_intents", declined, "order-2");
        Assert.Equal((HttpStatusCode.PaymentRequired, first.Body.ToJsonString()), (repeat.Status, repeat.Body.ToJsonString()));

        Assert.Equal(HttpStatusCode.BadRequest, (await stripe.SendAsync(HttpMethod.Post, "/payment_intents", [("amount", 4900)], "order-3")).Status);
        Assert.Equal(HttpStatusCode.OK, (await stripe.SendAsync(HttpMethod.Post, "/payment_intents", [("amount", 4900), ("currency", "usd")], "order-3")).Status);
    }

    [Theory]
    [InlineData("/payment_intents", "amount=100", "currency", "parameter_missing")]
    [InlineData("/payment_intents", "amount=100&currency=usd&colour=red", "colour", "parameter_unknown")]
    [InlineData("/payment_intents", "amount=ten&currency=usd", "amount", "parameter_invalid_integer")]
    [InlineData("/payment_intents", "amount=&currency=usd", "amount", "parameter_invalid_empty")]
    [InlineData("/payment_intents", "amount=49&currency=usd", "amount", "amount_too_small")]
    [InlineData("/payment_intents", "amount=100000000&currency=usd", "amount", "amount_too_large")]
    [InlineData("/payment_intents", "amount=-5&currency=usd", "amount", "parameter_invalid_integer")]
    [InlineData("/payment_intents", "amount=100&currency=abc", "currency", null)]
    [InlineData("/payment_intents", "amount=100&currency=usd&confirm=yes", "confirm", null)]
    [InlineData("/payment_intents", "amount=100&currency=usd&capture_method=later", "capture_method", null)]
    [InlineData("/payment_intents", "amount=100&currency=usd&customer=cus_none", "customer", "resource_missing")]
    [InlineData("/payment_intents", "amount=100&currency=usd&confirm=true&payment_method=pm_card_visa", "return_url", null)]
    [InlineData("/payment_intents", "amount=100&currency=usd&expand[]=wallet", "expand", null)]
    [InlineData("/payment_intents", "amount=100&currency=usd&metadata[a=1", "metadata[a", null)]
    [InlineData("/customers", "address[planet]=Mars", "address[planet]", "parameter_unknown")]
    [InlineData("/customers", "email=nobody", "email", "email_invalid")]
    [InlineData("/refunds", "amount=5", "charge", "parameter_missing")]
    [InlineData("/refunds", "charge=ch_none", "charge", "resource_missing")]
    [InlineData("/payment_methods", "type=card&card[number]=4242", "card[number]", "parameter_unknown")]
    [InlineData("/payment_methods", "type=card&card[token]=tok_none", "card[token]", "resource_missing")]
    [InlineData("/webhook_endpoints", "url=ftp://x&enabled_events[]=*", "url", "url_invalid")]
    public async Task A_wrong_request_is_told_which_parameter_is_wrong(string path, string body, string param, string? code)
    {
        var fields = body.Split('&').Select(p => p.Split('=', 2)).Select(p => (p[0], (object)p[1])).ToArray();
        var answer = await stripe.SendAsync(path, fields);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request_error", param, code), (answer.Status, answer.Error["type"]!.ToString(), answer.Param, answer.Code));
    }

    [Theory]
    [InlineData("GET", "/charges/ch_none", "resource_missing")]
    [InlineData("POST", "/payment_intents/pi_none/confirm", "resource_missing")]
    [InlineData("GET", "/unicorns", null)]
    public async Task What_does_not_exist_is_404(string method, string path, string? code)
    {
        var answer = await stripe.SendAsync(new(method), path, [], null);
        Assert.Equal((HttpStatusCode.NotFound, code), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer sk_test_invalid", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer pk_test_published", HttpStatusCode.Unauthorized)]
    [InlineData("Basic ???", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer sandbox", HttpStatusCode.OK)]
    [InlineData("Basic c2tfdGVzdF9iYXNpYzo=", HttpStatusCode.OK)] // "sk_test_basic:"
    public async Task A_key_comes_as_bearer_or_as_a_user_name(string? authorization, HttpStatusCode expected)
    {
        using var client = app.Client(null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/stripe/v1/customers");
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await client.SendAsync(request);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Neither_another_version_nor_a_JSON_body_is_understood()
    {
        using var client = app.Client("sk_test_any");
        using var dated = new HttpRequestMessage(HttpMethod.Get, "/stripe/v1/customers") { Headers = { { "Stripe-Version", "2019-01-01" } } };
        Assert.Equal(HttpStatusCode.BadRequest, (await client.SendAsync(dated)).StatusCode);
        using var json = new StringContent("""{"amount":100}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync("/stripe/v1/payment_intents", json)).StatusCode);
    }

    [Fact]
    public async Task A_cut_answer_hides_a_payment_that_stands_and_its_key_finds_it()
    {
        await app.ResetAsync();
        (string, object)[] payment = [("amount", 4900), ("currency", "usd"), ("confirm", true), ("payment_method", "pm_card_visa"), ("payment_method_types[]", "card")];
        await app.ArmAsync(new { match = new { provider = "stripe", method = "POST" }, kind = "cut_after" });
        await Assert.ThrowsAsync<HttpRequestException>(() => stripe.SendAsync(HttpMethod.Post, "/payment_intents", payment, "cut"));
        var again = await stripe.SendAsync(HttpMethod.Post, "/payment_intents", payment, "cut");
        Assert.Equal("true", again.Headers["Idempotent-Replayed"]);
        Assert.Single((await stripe.GetAsync("/charges"))["data"]!.AsArray());
    }

    [Fact]
    public async Task Too_many_requests_are_told_so_in_stripe_s_words()
    {
        await app.ArmAsync(new { match = new { provider = "stripe" }, kind = "429" });
        var answer = await stripe.SendAsync("/customers");
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limit"), (answer.Status, answer.Code));
    }
}
