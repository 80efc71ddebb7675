using System.Globalization;

namespace Stripe.Tests;

/// <summary>Against the library that Stripe itself publishes for Node.js, which shares no line with ours.</summary>
public sealed class NodeTests
{
    const string Secret = "whsec_test_secret";
    const long Now = 1_700_000_000;

    [Theory]
    [InlineData("""{"id":"evt_1","object":"event","api_version":"2023-08-16","type":"charge.refunded","data":{"object":{"id":"ch_1","object":"charge","description":"Grüße, 漢字 😀\n\tend "}}}""")]
    [InlineData("{\n  \"id\": \"evt_1\",\r\n  \"object\": \"event\",\n  \"api_version\": \"2023-08-16\",\n  \"data\": {\"object\": {\"id\": \"ch_1\", \"object\": \"charge\"}}\n}\n")]
    public async Task A_header_that_stripes_library_makes_is_accepted(string body)
    {
        var header = await NodePrograms.RunAsync("sign.js", body, Secret, Now.ToString(CultureInfo.InvariantCulture));
        Assert.Equal("ch_1", Assert.IsType<Charge>(EventUtility.ConstructEvent(body, header, Secret, 300, Now).Data.Object).Id);
        Assert.Throws<StripeException>(() => EventUtility.ConstructEvent(body, header, Secret + "x", 300, Now));
        Assert.Throws<StripeException>(() => EventUtility.ConstructEvent(body + "\n", header, Secret, 300, Now));
    }

    [Fact]
    public async Task The_same_call_arrives_as_from_stripes_library()
    {
        await using var server = await StripeServer.StartAsync();
        server.Default = _ => new(200, """{"id":"sub_1","object":"subscription"}""", false, ("Content-Type", "application/json"));
        Assert.Equal("sub_1", await NodePrograms.RunAsync("subscribe.js", "", new Uri(server.Address).Port.ToString(CultureInfo.InvariantCulture)));
        await new SubscriptionService(server.Client()).CreateAsync(new()
        {
            Customer = "cus_1",
            Items =
            [
                new() { Price = "price_1", Quantity = 2, TaxRates = ["txr_1", "txr_2"] },
                new() { PriceData = new() { Currency = "eur", Product = "prod_1", UnitAmount = 500, Recurring = new() { Interval = "month" } } },
            ],
            Metadata = new() { ["order id"] = "a&b=ü +", ["gone"] = "" },
            OffSession = true,
            CancelAtPeriodEnd = false,
            ApplicationFeePercent = 7.5m,
            TrialEnd = SubscriptionTrialEnd.Now,
            BillingCycleAnchor = DateTime.UnixEpoch.AddSeconds(1692144000),
            TransferData = new() { Destination = "acct_1" },
            Expand = ["latest_invoice.payment_intent"],
        }, new() { IdempotencyKey = "order-17", StripeAccount = "acct_7" });
        var (theirs, ours) = (server.Requests.First(), server.Requests.Last());
        Assert.Equal((theirs.Method, theirs.Path), (ours.Method, ours.Path));
        Assert.Equal(Lines(theirs), Lines(ours));
        foreach (var header in new[] { "Authorization", "Content-Type", "Stripe-Version", "Stripe-Account", "Idempotency-Key" }) Assert.Equal(theirs.Headers[header], ours.Headers[header]);
    }

    static IEnumerable<string> Lines(Received request) => request.Fields.Select(field => $"{field.Key}={field.Value}").Order(StringComparer.Ordinal);
}
