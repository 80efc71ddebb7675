using System.Security.Cryptography;
using System.Text;
using Empire.Sandbox.Tests.Webhooks;

namespace Empire.Sandbox.Tests.Stripe;

public sealed class StripeWebhookTests(SandboxApp app) : IClassFixture<SandboxApp>, IDisposable
{
    readonly StripeApi stripe = new(app);

    public void Dispose() => stripe.Dispose();

    static string TypeOf(Receiver.Received webhook) => webhook.Json["type"]!.ToString();

    static void AssertSigned(Receiver.Received webhook, string secret)
    {
        var parts = webhook.Headers["Stripe-Signature"].Split(',').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{parts["t"]}.{webhook.Body}")));
        Assert.Equal(expected, parts["v1"]);
        Assert.InRange(DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts["t"])), TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow().AddMinutes(1));
    }

    [Fact]
    public async Task A_payment_tells_its_events_signed_over_the_raw_body()
    {
        await using var receiver = await Receiver.StartAsync(app, "stripe");
        var paid = (await stripe.PayAsync(9700)).Body;
        var told = await receiver.ReceivedAsync(3);
        Assert.Equal(["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"], told.Select(TypeOf));
        Assert.All(told, t => AssertSigned(t, SandboxApp.StripeSecret));
        Assert.Equal(paid["id"]!.ToString(), told[2].Json["data"]!["object"]!["id"]!.ToString());
        Assert.Equal("2023-08-16", told[2].Json["api_version"]!.ToString());

        var listed = await stripe.GetAsync("/events?type=payment_intent.*&limit=1");
        Assert.Equal(told[2].Json["id"]!.ToString(), listed["data"]![0]!["id"]!.ToString());
        Assert.True(listed["has_more"]!.GetValue<bool>());
        await Eventually.GetAsync(() => stripe.GetAsync($"/events/{told[2].Json["id"]}"), e => e["pending_webhooks"]!.GetValue<int>() == 0);
    }

    [Fact]
    public async Task A_refused_webhook_comes_again_until_it_is_accepted()
    {
        await using var receiver = await Receiver.StartAsync(app, "stripe");
        receiver.Answer(500, 302, 400);
        await stripe.PostAsync("/customers");
        var told = await receiver.ReceivedAsync(4);
        Assert.Single(told.Select(t => t.Json["id"]!.ToString()).Distinct());
        Assert.All(told, t => AssertSigned(t, SandboxApp.StripeSecret));
    }

    /// <summary>Seen where the receiving process was killed at that moment: the webhook was lost for ever.</summary>
    [Fact]
    public async Task A_webhook_to_who_hangs_up_while_it_connects_comes_again()
    {
        await using var receiver = await Receiver.StartAsync(app, "stripe");
        app.HangUpOn(2);
        var customer = await stripe.PostAsync("/customers");
        Assert.Equal(customer["id"]!.ToString(), Assert.Single(await receiver.ReceivedAsync(1)).Json["data"]!["object"]!["id"]!.ToString());
    }

    [Theory]
    [InlineData("duplicate", new[] { "charge.succeeded", "charge.succeeded", "payment_intent.succeeded" })]
    [InlineData("reorder", new[] { "payment_intent.succeeded", "charge.succeeded" })]
    [InlineData("drop", new[] { "payment_intent.succeeded" })]
    public async Task A_webhook_may_be_doubled_overtaken_or_lost(string kind, string[] expected)
    {
        await using var receiver = await Receiver.StartAsync(app, "stripe");
        await app.ArmAsync(new { match = new { provider = "stripe-webhook", path_contains = "charge.succeeded" }, kind });
        await stripe.PayAsync(9700);
        var told = await receiver.ReceivedAsync(expected.Length + 1);
        Assert.Equal(expected, told.Skip(1).Select(TypeOf));
    }

    [Fact]
    public async Task An_endpoint_of_one_s_own_hears_the_types_it_asked_for_under_its_own_secret()
    {
        await app.ResetAsync();
        await using var receiver = await Receiver.StartAsync();
        var endpoint = await stripe.PostAsync("/webhook_endpoints", ("url", receiver.Url + "/mine"), ("enabled_events[]", "charge.refunded"));
        Assert.Null((await stripe.GetAsync($"/webhook_endpoints/{endpoint["id"]}"))["secret"]);
        await stripe.PostAsync("/refunds", ("payment_intent", (await stripe.PayAsync(5000)).Body["id"]!));
        var told = Assert.Single(await receiver.ReceivedAsync(1));
        Assert.Equal(("charge.refunded", "/mine"), (TypeOf(told), told.Path));
        AssertSigned(told, endpoint["secret"]!.ToString());
    }

    [Fact]
    public async Task A_payment_whose_answer_was_cut_off_is_told_by_webhook_all_the_same()
    {
        await using var receiver = await Receiver.StartAsync(app, "stripe");
        await app.ArmAsync(new { match = new { provider = "stripe", method = "POST" }, kind = "cut_after" });
        await Assert.ThrowsAsync<HttpRequestException>(() => stripe.PayAsync(9700));
        Assert.Equal(["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"], (await receiver.ReceivedAsync(3)).Select(TypeOf));
    }

    [Fact]
    public async Task An_update_says_what_it_was_before()
    {
        await app.ResetAsync();
        var customer = await stripe.PostAsync("/customers", ("name", "Ada"));
        await stripe.PostAsync($"/customers/{customer["id"]}", ("name", "Ada L"));
        var told = (await stripe.GetAsync("/events?type=customer.updated"))["data"]![0]!["data"]!;
        Assert.Equal("""{"name":"Ada"}""", told["previous_attributes"]!.ToJsonString());
        Assert.Equal("Ada L", told["object"]!["name"]!.ToString());
    }
}
