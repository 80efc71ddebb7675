using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Empire.Contracts;
using Empire.Payments.Tests.Outside;
using Empire.Testing;

namespace Empire.Payments.Tests.Receipts;

/// <summary>What payers file, and who it is from.</summary>
public sealed class ReceiptTests(MarketApp app) : IClassFixture<MarketApp>
{
    private const string Billing = "/api/v1/revenue/billing";

    [Fact]
    public async Task A_payment_has_a_page_to_print_for_its_account_and_by_the_link_of_the_mail_and_for_nobody_else()
    {
        var customer = await app.CustomerAsync();
        var paid = await app.PaidAsync(97m, customer: customer);
        var id = Text(paid, "payment_id");
        await SayAsync(new { name = "Harbour <Roasters> Ltd", address = "1 Quay Street\nGalway", tax_id = "IE1234567WA", email = "billing@harbour.example" });
        var own = await PageAsync(app.OwnerClient(), $"/api/v1/revenue/payments/{id}/receipt");
        var email = Text(await app.GetAsync($"/api/v1/revenue/customers/{customer}"), "email");
        foreach (var part in (string[])["Receipt", id, "A sale", "97.00 USD", $"Ada, {email}", "Harbour <Roasters> Ltd", "IE1234567WA", "billing@harbour.example", "Test: no money moved."]) Assert.Contains(part, WebUtility.HtmlDecode(own), StringComparison.Ordinal);
        Assert.Contains("1 Quay Street<br>Galway", own, StringComparison.Ordinal);
        Assert.DoesNotContain("<Roasters>", own, StringComparison.Ordinal);

        var told = Assert.Single(await app.HeardAsync<PaymentSucceeded>(fact => fact.PaymentId == MarketApp.IdOf(id)));
        Assert.Matches("^/receipt/[0-9a-f]{32}$", told.ReceiptPath);
        using var anybody = app.CreateClient();
        using (var answer = await anybody.GetAsync(new Uri(told.ReceiptPath!, UriKind.Relative)))
        {
            Assert.Equal(own, await answer.Content.ReadAsStringAsync());
            Assert.Equal(("noindex, nofollow, noarchive", "no-referrer", true), (answer.Headers.GetValues("X-Robots-Tag").Single(), answer.Headers.GetValues("Referrer-Policy").Single(), answer.Headers.CacheControl!.NoStore));
        }
        Assert.Equal(HttpStatusCode.NotFound, (await anybody.GetAsync(new Uri($"/receipt/{Guid.CreateVersion7():N}", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await anybody.GetAsync(new Uri($"/api/v1/revenue/payments/{id}/receipt", UriKind.Relative))).StatusCode);
        using var stranger = app.ClientFor(TenantId.New(TimeProvider.System.GetUtcNow()));
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(new Uri($"/api/v1/revenue/payments/{id}/receipt", UriKind.Relative))).StatusCode);
        Assert.Null((await stranger.GetFromJsonAsync<JsonObject>(Billing))!["name"]);

        await app.PostAsync($"/api/v1/revenue/payments/{id}/refunds", new { amount = 30m });
        await Eventually.TrueAsync(async () => (await PageAsync(app.OwnerClient(), $"/api/v1/revenue/payments/{id}/receipt")).Contains("-30.00 USD", StringComparison.Ordinal));
        Assert.Contains("67.00 USD", await PageAsync(app.OwnerClient(), $"/api/v1/revenue/payments/{id}/receipt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_it_is_paid_there_is_no_receipt()
    {
        var (_, made) = await app.PostAsync("/api/v1/revenue/payments", new { customer_id = await app.CustomerAsync(null), amount = 5m, description = "Later" });
        using var client = app.OwnerClient();
        using var answer = await client.GetAsync(new Uri($"/api/v1/revenue/payments/{Text(made, "payment_id")}/receipt", UriKind.Relative));
        Assert.Equal((HttpStatusCode.Conflict, "NOT_PAID"), (answer.StatusCode, Text((await answer.Content.ReadFromJsonAsync<JsonObject>())!, "code")));
        var key = await app.ReadAsync<Guid>("select receipt_key from payments where id = @id", new { id = MarketApp.IdOf(Text(made, "payment_id")) });
        using var anybody = app.CreateClient();
        Assert.Equal(HttpStatusCode.NotFound, (await anybody.GetAsync(new Uri($"/receipt/{key:N}", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task An_upgrade_has_a_receipt_too_whichever_way_it_was_paid()
    {
        var (account, email) = (TenantId.New(TimeProvider.System.GetUtcNow()), $"{Guid.CreateVersion7():N}@buyers.example");
        app.Identity.Accounts[email] = account.Value;
        var (status, asked) = await app.PostAsync("/api/upgrade", new { email, tier = "professional", payment_method = "flutterwave" }, account);
        Assert.True(status == HttpStatusCode.OK, asked.ToJsonString());
        await app.Sandbox.PressAsync(new Uri(Text(asked, "payment_url")).AbsolutePath, ("answer", "pay"));
        var id = MarketApp.IdOf(Text(asked, "payment_id"));
        await Eventually.EqualAsync(1, async () => (await app.HeardAsync<PaymentSucceeded>(fact => fact.PaymentId == id)).Count);
        var told = (await app.HeardAsync<PaymentSucceeded>(fact => fact.PaymentId == id))[0];
        using var anybody = app.CreateClient();
        var page = WebUtility.HtmlDecode(await anybody.GetStringAsync(new Uri(told.ReceiptPath!, UriKind.Relative)));
        foreach (var part in (string[])[$"tx_{id:N}", "Empire professional, one month", "49.00 USD", email, "Paid through Flutterwave."]) Assert.Contains(part, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_final_invoice_is_told_once_with_a_link_that_opens_it()
    {
        var start = TimeProvider.System.GetUtcNow().AddMonths(-2).AddDays(-20);
        var subscriber = await app.SubscriberAsync(start);
        await app.Sandbox.ArmAsync("stripe-webhook", "duplicate", count: 10);
        var (status, begun) = await app.PostAsync("/api/v1/revenue/subscriptions", new { customer_id = subscriber.Id, price_id = await app.PriceAsync(4900, "professional") });
        Assert.True(status == HttpStatusCode.Created, begun.ToJsonString());
        await app.UntilAsync($"/api/v1/revenue/invoices?subscription_id={Text(begun, "subscription_id")}", page => page["data"]!.AsArray().Any(invoice => Text(invoice!, "status") == "paid"));
        await app.SettledAsync();
        await app.Sandbox.DisarmAsync();
        var told = Assert.Single(await app.HeardAsync<InvoiceFinalized>(fact => fact.CustomerId == MarketApp.IdOf(subscriber.Id)));
        Assert.Equal((49_000_000L, "USD", true), (told.Micros, told.Currency, told.Number is { Length: > 0 }));
        using var anybody = app.CreateClient();
        var page = await anybody.GetStringAsync(new Uri(told.Path, UriKind.Relative));
        foreach (var part in (string[])[told.Number!, "49.00 USD", "It is paid."]) Assert.Contains(part, page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await anybody.GetAsync(new Uri($"/invoice/{Guid.CreateVersion7():N}", UriKind.Relative))).StatusCode);
    }

    [Theory]
    [InlineData("name", "two\nlines")]
    [InlineData("email", "nobody")]
    [InlineData("address", "bell\a")]
    public async Task What_cannot_stand_on_a_bill_is_refused_by_field(string field, string text)
    {
        using var client = app.ClientFor(TenantId.New(TimeProvider.System.GetUtcNow()));
        using var answer = await client.PutAsJsonAsync(Billing, new Dictionary<string, string> { [field] = text });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(field, (await answer.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!.AsObject().Select(error => error.Key));
    }

    private async Task SayAsync(object settings)
    {
        using var client = app.OwnerClient();
        using var answer = await client.PutAsJsonAsync(Billing, settings);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The page, whose style the browser would take.</summary>
    private static async Task<string> PageAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        var page = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, page);
        Assert.Contains($"style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(page.Split("<style>")[1].Split("</style>")[0])))}'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        client.Dispose();
        return page;
    }

    private static string Text(JsonNode item, string field) => item[field]?.ToString() ?? throw new InvalidOperationException($"{field} is missing: {item.ToJsonString()}");
}
