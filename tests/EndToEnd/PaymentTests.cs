using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Testing;

namespace Empire.EndToEnd.Tests;

/// <summary>Money through the gateway, on the running installation: the providers are the sandbox's, their webhooks come in by the same door as anybody.</summary>
[Collection(InstallationCollection.Name)]
public sealed class PaymentTests(Installation empire)
{
    [Fact]
    public async Task A_customer_pays_is_refunded_in_part_and_every_cent_stands_in_the_books()
    {
        var owner = empire.OwnerClient;
        var customer = await PostAsync(owner, "/api/v1/revenue/customers", new { email = $"{Guid.CreateVersion7():N}@example.test", payment_method = "pm_card_visa" });
        var payment = await PostAsync(owner, "/api/v1/revenue/payments", new { customer_id = customer.GetProperty("customer_id").GetString(), amount = 97.00, currency = "USD", description = "Professional Plan Subscription" });
        Assert.Equal("succeeded", payment.GetProperty("status").GetString());
        var id = payment.GetProperty("payment_id").GetString()!;
        await Eventually.EqualAsync(2, async () => (await owner.GetJsonAsync($"/api/v1/ledger/entries?payment_id={id}")).GetProperty("data").GetArrayLength()); // the money, and the fee
        var refund = await PostAsync(owner, $"/api/v1/revenue/payments/{id}/refunds", new { amount = 30 });
        Assert.Equal(67m, refund.GetProperty("refundable").GetDecimal());
        await Eventually.EqualAsync(3, async () => (await owner.GetJsonAsync($"/api/v1/ledger/entries?payment_id={id}")).GetProperty("data").GetArrayLength());
        foreach (var currency in (await owner.GetJsonAsync("/api/v1/ledger/trial-balance")).GetProperty("currencies").EnumerateArray()) Assert.Equal(0m, currency.GetProperty("difference").GetDecimal());
        Assert.True((await PostAsync(owner, "/api/v1/ledger/rebuild", new { })).GetProperty("equal").GetBoolean());

        using var declined = await owner.PostAsJsonAsync("/api/v1/revenue/payments", new { customer_id = customer.GetProperty("customer_id").GetString(), amount = 5, payment_method = "pm_card_chargeDeclined" });
        Assert.Equal((HttpStatusCode.PaymentRequired, "PAYMENT_FAILED"), (declined.StatusCode, (await declined.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));
    }

    [Fact]
    public async Task An_account_upgrades_over_flutterwave_and_its_limits_change_at_once()
    {
        var email = $"up-{Guid.CreateVersion7():N}@example.test";
        using var stranger = new HttpClient { BaseAddress = empire.Gateway };
        var signedUp = await PostAsync(stranger, "/api/signup", new { email });
        using var account = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = empire.Gateway };
        account.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", signedUp.GetProperty("api_key").GetString());
        var upgrade = await PostAsync(account, "/api/upgrade", new { email, tier = "professional", payment_method = "flutterwave" });
        Assert.Equal("success", upgrade.GetProperty("status").GetString());
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var form = new FormUrlEncodedContent([new("answer", "pay")]);
        using var back = await browser.PostAsync(upgrade.GetProperty("payment_url").GetString(), form);
        Assert.StartsWith("/payment/flutterwave/callback", back.Headers.Location!.AbsolutePath, StringComparison.Ordinal);
        await Eventually.EqualAsync("professional", async () => (await account.GetJsonAsync("/api/usage")).GetProperty("tier").GetString()!);
        Assert.Equal("succeeded", (await account.GetJsonAsync($"/api/upgrade/{upgrade.GetProperty("payment_id").GetString()}")).GetProperty("status").GetString());
        await Eventually.TrueAsync(async () =>
        {
            using var sandbox = new HttpClient { BaseAddress = empire.Sandbox };
            var mails = (await sandbox.GetJsonAsync($"/control/mail?to={Uri.EscapeDataString(email)}")).GetProperty("data").EnumerateArray().Select(mail => mail.GetProperty("subject").GetString()).ToList();
            return mails.Count(subject => subject == "Your account is now professional") == 1;
        });
    }

    [Fact]
    public async Task A_forged_webhook_is_refused_and_is_a_security_event()
    {
        using var forger = new HttpClient { BaseAddress = empire.Gateway };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/revenue/webhooks/stripe") { Content = JsonContent.Create(new { id = "evt_forged" }) };
        request.Headers.Add("Stripe-Signature", "t=1,v1=00");
        using var answer = await forger.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        await Eventually.TrueAsync(async () => (await empire.OwnerClient.GetJsonAsync("/admin/security-events")).GetProperty("data").EnumerateArray().Any(happened =>
            happened.GetProperty("kind").GetString() == "bad_signature" && happened.GetProperty("route").GetString() == "/api/v1/revenue/webhooks/stripe"));
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }
}
