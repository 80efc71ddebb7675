using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Empire.Payments.Intake;
using Empire.Testing;

namespace Empire.Payments.Tests.Intake;

public sealed class ClockedPaymentsApp : PaymentsApp
{
    public override TestClock Clock { get; } = new();
}

/// <summary>What comes in from outside: believed where it proves itself, kept once, and refused without a trace otherwise.</summary>
public sealed class WebhookTests(ClockedPaymentsApp app) : IClassFixture<ClockedPaymentsApp>
{
    private DateTimeOffset Now => app.Clock.GetUtcNow();

    [Fact]
    public async Task A_valid_event_is_answered_three_times_and_acts_once()
    {
        using var client = app.CreateClient();
        var payment = await app.DecidedAsync("stripe", "pi_thrice", Money.Of(97m, Currency.Usd));
        var body = PaymentsApp.StripeEvent("evt_thrice", "charge.succeeded", Charge("ch_thrice", "pi_thrice", 9700), Now);
        for (var i = 0; i < 3; i++)
        {
            using var answer = await client.SendAsync(PaymentsApp.StripeWebhook(body, Now));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        await Eventually.EqualAsync("succeeded", () => app.StatusAsync(payment));
        Assert.Equal(["stripe:charge:ch_thrice:captured"], await app.CausesAsync(payment));
        Assert.Equal(1L, await app.ReadAsync<long>("select count(*) from provider_events where event_id = 'evt_thrice'"));
    }

    [Fact]
    public async Task Forged_stale_and_future_events_are_refused_and_leave_nothing()
    {
        using var client = app.CreateClient();
        var body = PaymentsApp.StripeEvent("evt_bad", "charge.succeeded", Charge("ch_bad", "pi_bad", 9700), Now);
        var forged = PaymentsApp.StripeWebhook(body, Now, "whsec_other");
        var stale = PaymentsApp.StripeWebhook(body, Now.AddSeconds(-301));
        var future = PaymentsApp.StripeWebhook(body, Now.AddSeconds(301));
        var altered = PaymentsApp.StripeWebhook(body, Now);
        altered.Content = new StringContent(body.Replace("9700", "9701", StringComparison.Ordinal), Encoding.UTF8, "application/json");
        var unsigned = PaymentsApp.StripeWebhook(body, Now);
        unsigned.Headers.Remove("Stripe-Signature");
        foreach (var request in (HttpRequestMessage[])[forged, stale, future, altered, unsigned])
        {
            using var answer = await client.SendAsync(request);
            Assert.Equal((HttpStatusCode.BadRequest, "INVALID_SIGNATURE"), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonObject>())!["code"]!.GetValue<string>()));
            Assert.False(answer.Headers.Contains(Empire.Http.Blameless.Header));
        }
        Assert.Equal(0L, await app.ReadAsync<long>("select count(*) from provider_events where event_id = 'evt_bad'"));
    }

    [Fact]
    public async Task The_endpoint_for_connected_accounts_has_a_secret_of_its_own()
    {
        using var client = app.CreateClient();
        using var answer = await client.SendAsync(PaymentsApp.StripeWebhook(PaymentsApp.StripeEvent("evt_connected", "charge.succeeded", Charge("ch_connected", "pi_connected", 9700), Now), Now, PaymentsApp.ConnectSecret));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1L, await app.ReadAsync<long>("select count(*) from provider_events where event_id = 'evt_connected'"));
    }

    [Fact]
    public async Task One_of_several_signatures_suffices_while_a_secret_is_replaced()
    {
        using var client = app.CreateClient();
        var body = PaymentsApp.StripeEvent("evt_rolling", "product.created", new { id = "prod_1", @object = "product" }, Now);
        var request = PaymentsApp.StripeWebhook(body, Now);
        var good = request.Headers.GetValues("Stripe-Signature").Single();
        request.Headers.Remove("Stripe-Signature");
        request.Headers.Add("Stripe-Signature", good.Replace("v1=", $"v1={new string('0', 64)},v0=ffff,v1=", StringComparison.Ordinal));
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task What_is_too_long_or_signed_but_unreadable_says_so_and_is_not_kept()
    {
        using var client = app.CreateClient();
        var long_ = PaymentsApp.StripeEvent("evt_long", "charge.succeeded", new { id = "ch", @object = "charge", padding = new string('x', 600_000) }, Now);
        using var tooLong = await client.SendAsync(PaymentsApp.StripeWebhook(long_, Now));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLong.StatusCode);
        using var noEvent = await client.SendAsync(PaymentsApp.StripeWebhook("""{"id":"evt_short","type":"charge.succeeded"}""", Now));
        Assert.Equal((HttpStatusCode.BadRequest, true), (noEvent.StatusCode, noEvent.Headers.Contains(Empire.Http.Blameless.Header)));
        Assert.Contains("data", await noEvent.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0L, await app.ReadAsync<long>("select count(*) from provider_events where event_id in ('evt_long', 'evt_short')"));
    }

    /// <summary>What a seller's own account does is none of our money: a payout from it to their bank, a dispute of a charge of theirs.</summary>
    [Theory]
    [InlineData("payout.paid")]
    [InlineData("foreign:payout.paid")]
    public async Task What_moves_in_a_connected_account_is_kept_and_means_nothing(string kind)
    {
        using var client = app.CreateClient();
        var (id, version) = ($"evt_{Guid.CreateVersion7():N}", kind.StartsWith("foreign:", StringComparison.Ordinal) ? "2025-03-31.basil" : "2023-08-16");
        var body = PaymentsApp.StripeEvent(id, kind.Split(':')[^1], new { id = $"po_{id}", @object = "payout", amount = 5000, currency = "usd", status = "paid", created = Now.ToUnixTimeSeconds() }, Now)
            .Replace("\"object\":\"event\"", $"\"object\":\"event\",\"account\":\"acct_someone\",\"api_version\":\"{version}\"", StringComparison.Ordinal);
        using var answer = await client.SendAsync(PaymentsApp.StripeWebhook(body, Now));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((kind, 0L), await app.ReadAsync<(string, long)>("select kind, (select count(*) from provider_tasks t where t.subject like '%' || e.event_id) from provider_events e where event_id = @id", new { id }));
    }

    [Fact]
    public async Task A_seller_who_takes_their_account_away_sells_no_longer()
    {
        using var client = app.CreateClient();
        var (id, account) = (Guid.CreateVersion7(), $"acct_{Guid.CreateVersion7():N}");
        await using (var work = await app.Database.BeginAsync(app.Tenant, CancellationToken.None))
        {
            await work.ExecuteAsync("insert into sellers (id, tenant_id, email, country, fee_percent, provider_ref, status, charges_enabled, payouts_enabled, details_submitted, test, created_at) values (@id, @Tenant, @account || '@example.com', 'US', 10, @account, 'created', true, true, true, true, @Now)",
                new { id, work.Tenant, account, work.Now });
            await work.CommitAsync(CancellationToken.None);
        }
        var body = PaymentsApp.StripeEvent($"evt_{id:N}", "account.application.deauthorized", new { id = "ca_platform", @object = "application", name = "Empire" }, Now).Replace("\"object\":\"event\"", $"\"object\":\"event\",\"account\":\"{account}\"", StringComparison.Ordinal);
        using var answer = await client.SendAsync(PaymentsApp.StripeWebhook(body, Now));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Eventually.EqualAsync((false, false), () => app.ReadAsync<(bool, bool)>("select charges_enabled, payouts_enabled from sellers where id = @id", new { id }));
    }

    /// <summary>The balance and an invoice that is only expected have no id; their events are told all the same, and the provider's list has them too.</summary>
    [Theory]
    [InlineData("balance.available", "balance", null)]
    [InlineData("invoice.upcoming", "invoice", "cus_expected")]
    public async Task What_an_event_speaks_of_may_have_no_id(string type, string kind, string? customer)
    {
        using var client = app.CreateClient();
        var id = $"evt_{Guid.CreateVersion7():N}";
        using var answer = await client.SendAsync(PaymentsApp.StripeWebhook(PaymentsApp.StripeEvent(id, type, new { @object = kind, customer, currency = "usd" }, Now), Now));
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        Assert.Equal((customer ?? kind, 0L), await app.ReadAsync<(string, long)>("select object_key, (select count(*) from provider_tasks t where t.subject = e.event_id) from provider_events e where event_id = @id", new { id }));
    }

    [Theory]
    [InlineData("/payment/flutterwave/webhook")]
    [InlineData("/payment/flutterwave/callback")]
    public async Task Flutterwave_is_believed_by_its_secret_hash_on_both_paths(string path)
    {
        using var client = app.CreateClient();
        var id = RandomNumberGenerator.GetInt32(1, 1_000_000);
        HttpRequestMessage Webhook(string hash) => new(HttpMethod.Post, path)
        {
            Headers = { { "verif-hash", hash } },
            Content = JsonContent.Create(new { @event = "charge.completed", data = new { id, tx_ref = "tx_unknown", status = "successful", amount = 49, currency = "USD", created_at = "2026-11-20T08:00:00.000Z" } }),
        };
        using var wrong = await client.SendAsync(Webhook("hash-of-test"));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        using var right = await client.SendAsync(Webhook(PaymentsApp.FlutterwaveHash));
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        Assert.Equal(1L, await app.ReadAsync<long>("select count(*) from provider_events where provider = 'flutterwave' and event_id = @id", new { id = $"charge.completed:{id}:successful" }));
    }

    /// <summary>The signature was computed by Node.js as the vendor's own SDK does it: sort, JSON.stringify, createHmac.</summary>
    [Fact]
    public void A_signature_made_by_node_verifies()
    {
        const string body = """{"payment_status":"finished","payment_id":5077125051,"price_amount":49,"fee":{"depositFee":0.5,"currency":"btc","b":[{"z":1,"a":"é\"\/"}]},"actually_paid":1.25,"order_id":null}""";
        const string signature = "db8a03747c15960dd24d3c0a4d8037e6f2a6cd606dc469890c578bb38fccb9d116129b06766f31f6fb72d0bc154a9dc1135dce015ca7035af4f1a82cc1d97344";
        Assert.True(WebhookProof.NowPayments(Encoding.UTF8.GetBytes(body), signature, PaymentsApp.IpnSecret));
        Assert.False(WebhookProof.NowPayments(Encoding.UTF8.GetBytes(body.Replace("1.25", "1.26", StringComparison.Ordinal)), signature, PaymentsApp.IpnSecret));
        Assert.False(WebhookProof.NowPayments(Encoding.UTF8.GetBytes(body), signature[..^1] + "0", PaymentsApp.IpnSecret));
    }

    /// <summary>Their numbers have more digits than a double keeps: they are signed as they were written.</summary>
    [Fact]
    public void Numbers_are_signed_as_they_were_written() =>
        Assert.Equal("""{"a":0.00000012,"b":0.00050000,"c":12345678901234567890}""", Encoding.UTF8.GetString(WebhookProof.Sorted("""{"c":12345678901234567890,"b":0.00050000,"a":0.00000012}"""u8)));

    [Fact]
    public async Task One_altered_byte_of_a_notification_is_refused()
    {
        using var client = app.CreateClient();
        const string body = """{"payment_id":7001,"payment_status":"finished","price_amount":49,"price_currency":"usd","order_id":"tx_none","updated_at":1763625600000}""";
        var signature = Convert.ToHexStringLower(HMACSHA512.HashData(Encoding.UTF8.GetBytes(PaymentsApp.IpnSecret), WebhookProof.Sorted(Encoding.UTF8.GetBytes(body))));
        HttpRequestMessage Notification(string text) => new(HttpMethod.Post, "/payment/nowpayments/webhook") { Headers = { { "x-nowpayments-sig", signature } }, Content = new StringContent(text, Encoding.UTF8, "application/json") };
        using var altered = await client.SendAsync(Notification(body.Replace("49", "48", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Unauthorized, altered.StatusCode);
        using var sorted = await client.SendAsync(Notification(Encoding.UTF8.GetString(WebhookProof.Sorted(Encoding.UTF8.GetBytes(body))))); // another order of keys is the same message
        Assert.Equal(HttpStatusCode.OK, sorted.StatusCode);
    }

    private object Charge(string id, string intent, long amount) => new
    {
        id, @object = "charge", payment_intent = intent, amount, amount_captured = amount, currency = "usd", paid = true, captured = true, created = Now.ToUnixTimeSeconds(), metadata = new { },
        payment_method_details = new { card = new { brand = "visa", last4 = "4242" } },
    };
}
