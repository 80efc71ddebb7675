using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Empire.Testing;

namespace Empire.EndToEnd.Tests;

/// <summary>PAY-09, 12 and 14: what providers report comes in by the same door as anybody, and is believed by its signature.</summary>
[Collection(InstallationCollection.Name)]
public sealed class WebhookTests(Installation empire) : IDisposable
{
    private const string Stripe = "/api/v1/revenue/webhooks/stripe", Flutterwave = "/payment/flutterwave/webhook", NowPayments = "/payment/nowpayments/webhook";
    private readonly Market market = new(empire);
    private readonly HttpClient outside = new() { BaseAddress = empire.Gateway };

    public void Dispose()
    {
        outside.Dispose();
        market.Dispose();
    }

    [Fact]
    public async Task An_event_that_is_sent_three_times_more_acts_once()
    {
        var payment = Market.Text(await market.PaidAsync(12), "payment_id");
        await EntriesAsync();
        var charged = Assert.Single(await market.AllAsync("stripe/events"), told => Market.Text(told, "type") == "charge.succeeded" && told.GetRawText().Contains(payment[4..], StringComparison.Ordinal)).GetRawText();
        var at = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => SignedAsync(charged, at))), status => Assert.Equal(HttpStatusCode.OK, status));
        await EntriesAsync();
        Assert.Equal((12m - 0.65m, -12m), (await market.BooksAsync(payment)) is var books ? (books["cash:stripe"], books["revenue:sales"]) : default);

        Task EntriesAsync() => Eventually.EqualAsync(2, async () => (await market.Owner.GetAllAsync($"/api/v1/ledger/entries?payment_id={payment}")).Count); // the money, and the fee
    }

    [Fact]
    public async Task What_is_forged_stale_altered_or_too_large_is_refused_and_leaves_a_security_event_alone()
    {
        var (now, sent, before) = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), EventOf("charge.refunded"), await BadSignaturesAsync());
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(Stripe, sent, ("Stripe-Signature", "t=1,v1=00")));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(Stripe, sent));
        Assert.Equal(HttpStatusCode.BadRequest, await SignedAsync(sent, now - 3600));
        Assert.Equal(HttpStatusCode.BadRequest, await SignedAsync(sent, now, altered: sent.Replace("evt_", "ev2_", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await SignedAsync(sent.Insert(1, $"\"padding\":\"{new string('x', 2_000_000)}\","), now));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(Flutterwave, """{"event":"charge.completed","data":{"id":1}}""", ("verif-hash", "a guess")));

        const string ipn = """{"actually_paid":0.1,"order_id":"tx_1","payment_id":"5","payment_status":"finished"}"""; // its keys are sorted, as they are signed
        var signature = Convert.ToHexStringLower(HMACSHA512.HashData(Encoding.UTF8.GetBytes(await empire.SecretAsync("nowpayments-ipn-secret")), Encoding.UTF8.GetBytes(ipn)));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(NowPayments, ipn.Replace("0.1", "0.2", StringComparison.Ordinal), ("x-nowpayments-sig", signature)));
        // Of many from one address within a minute, some are listed as one, when the minute is over.
        await Eventually.TrueAsync(async () => await BadSignaturesAsync() >= before + 7, TimeSpan.FromMinutes(2));
    }

    private async Task<long> BadSignaturesAsync() =>
        (await empire.OwnerClient.GetAllAsync("/admin/security-events")).Where(happened => Market.Text(happened, "kind") == "bad_signature").Sum(happened => happened.GetProperty("count").GetInt64());

    private static string EventOf(string type)
    {
        var id = Guid.CreateVersion7().ToString("N");
        return JsonSerializer.Serialize(new { id = $"evt_{id}", @object = "event", type, created = 1, livemode = false, data = new { @object = new { id = $"pi_{id}", @object = "payment_intent", status = "succeeded" } } });
    }

    /// <param name="altered">What is sent instead of what was signed.</param>
    private async Task<HttpStatusCode> SignedAsync(string body, long at, string? altered = null)
    {
        var signed = HMACSHA256.HashData(Encoding.UTF8.GetBytes(await empire.SecretAsync("stripe-webhook-secret")), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{at}.{body}")));
        return await SendAsync(Stripe, altered ?? body, ("Stripe-Signature", $"t={at},v1={Convert.ToHexStringLower(signed)}"));
    }

    private async Task<HttpStatusCode> SendAsync(string path, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.ExpectContinue = true; // else a refusal may meet a client that is still sending
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        using var answer = await outside.SendAsync(request);
        return answer.StatusCode;
    }
}
