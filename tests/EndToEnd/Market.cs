using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Empire.EndToEnd.Tests;

/// <summary>Money as the people around it move it: the owner over the API, a payer at a provider's page, and what a provider's own dashboard can do.</summary>
internal sealed class Market : IDisposable
{
    private readonly Installation empire;
    private readonly HttpClient sandbox, browser;

    public Market(Installation empire)
    {
        this.empire = empire;
        sandbox = new() { BaseAddress = empire.Sandbox };
        sandbox.DefaultRequestHeaders.Authorization = new("Bearer", "sk_test_owner");
        browser = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = empire.Sandbox };
    }

    public HttpClient Owner => empire.OwnerClient;

    /// <summary>The answer of a call, whatever it is.</summary>
    public static async Task<(HttpStatusCode Status, JsonElement Body)> TryAsync(HttpClient client, string path, object body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length > 0 ? JsonSerializer.Deserialize<JsonElement>(text) : default);
    }

    /// <summary>The body of an answer that is good.</summary>
    public static async Task<JsonElement> PostAsync(HttpClient client, string path, object body, string? key = null)
    {
        var (status, answer) = await TryAsync(client, path, body, key);
        Assert.True((int)status is >= 200 and < 300, $"{path}: {(int)status} {answer}");
        return answer;
    }

    public Task<JsonElement> PostAsync(string path, object body, string? key = null) => PostAsync(Owner, path, body, key);

    /// <summary>A refusal in the error form: its status, its code, and the fields it names.</summary>
    public async Task<(int Status, string Code, string Fields)> RefusedAsync(string path, object body, HttpClient? client = null)
    {
        var (status, answer) = await TryAsync(client ?? Owner, path, body);
        return ((int)status, answer.GetProperty("code").GetString()!, answer.TryGetProperty("errors", out var errors) ? string.Join(',', errors.EnumerateObject().Select(error => error.Name)) : "");
    }

    /// <returns>cust_….</returns>
    public async Task<string> CustomerAsync(string? method = "pm_card_visa", string? clock = null, string? account = null) => Text(await PostAsync("/api/v1/revenue/customers",
        new { email = account ?? $"{Guid.CreateVersion7():N}@example.test", name = "Ada", payment_method = method, account = account is not null, test_clock = clock }), "customer_id");

    public async Task<JsonElement> PaidAsync(decimal amount, string currency = "USD", string? customer = null) =>
        await PostAsync("/api/v1/revenue/payments", new { customer_id = customer ?? await CustomerAsync(), amount, currency, description = "A guide" });

    /// <summary>A stranger's new account: their address, and a client with their key.</summary>
    /// <param name="confirmed">They have opened the link of the welcome mail: by their address the operator finds the account.</param>
    public async Task<(string Email, HttpClient Client)> AccountAsync(bool confirmed = false)
    {
        var email = $"{Guid.CreateVersion7():N}@example.test";
        using var stranger = new HttpClient { BaseAddress = empire.Gateway };
        var key = Text(await PostAsync(stranger, "/api/signup", new { email }), "api_key");
        if (confirmed) await Person.ConfirmAsync(empire, stranger, email);
        return (email, empire.ClientFor(key));
    }

    /// <summary>Presses a button of a provider's page.</summary>
    /// <returns>Where the browser is sent.</returns>
    public async Task<Uri?> PressAsync(string page, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var answer = await browser.PostAsync(page, form);
        Assert.True((int)answer.StatusCode < 400, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location;
    }

    /// <summary>Follows a link as a browser.</summary>
    public async Task<(HttpStatusCode Status, string Page)> VisitAsync(Uri address)
    {
        using var answer = await browser.GetAsync(address);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What the owner does at Stripe itself: makes prices, lets months pass.</summary>
    public async Task<JsonObject> StripeAsync(string path, params (string Name, object Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value.ToString()!)));
        using var answer = await sandbox.PostAsync($"/stripe/v1/{path}", form);
        var body = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.True(answer.IsSuccessStatusCode, body.ToJsonString());
        return body;
    }

    /// <returns>price_… of a month of a tier.</returns>
    public async Task<string> PriceAsync(long cents, string tier) => (await StripeAsync(
        "prices", ("currency", "usd"), ("unit_amount", cents), ("recurring[interval]", "month"), ("product_data[name]", $"Empire {tier}"), ("metadata[tier]", tier)))["id"]!.GetValue<string>();

    /// <returns>clock_….</returns>
    public async Task<string> ClockAsync(DateTimeOffset start) => (await StripeAsync("test_helpers/test_clocks", ("frozen_time", start.ToUnixTimeSeconds())))["id"]!.GetValue<string>();

    public Task AdvanceAsync(string clock, DateTimeOffset to) => StripeAsync($"test_helpers/test_clocks/{clock}/advance", ("frozen_time", to.ToUnixTimeSeconds()));

    /// <summary>What the providers were asked for: <c>stripe/charges</c>.</summary>
    public async Task<IReadOnlyList<JsonElement>> AllAsync(string resource) => [.. (await sandbox.GetJsonAsync($"/control/{resource}")).GetProperty("data").EnumerateArray()];

    public Task ControlAsync(string path, object body) => PostAsync(sandbox, $"/control/{path}", body);

    /// <summary>The subjects of the mails that came to an address.</summary>
    public async Task<IReadOnlyList<string>> MailsAsync(string to) =>
        [.. (await sandbox.GetJsonAsync($"/control/mail?to={Uri.EscapeDataString(to)}")).GetProperty("data").EnumerateArray().Select(mail => Text(mail, "subject"))];

    /// <summary>What the books say of a payment: each account's balance in units, debit less credit.</summary>
    public async Task<Dictionary<string, decimal>> BooksAsync(string payment) => (await Owner.GetAllAsync($"/api/v1/ledger/entries?payment_id={payment}"))
        .SelectMany(entry => entry.GetProperty("lines").EnumerateArray()).GroupBy(line => Text(line, "account")).ToDictionary(lines => lines.Key, lines => lines.Sum(line => Side(line, "debit") - Side(line, "credit")));

    private static decimal Side(JsonElement line, string name) => line.GetProperty(name) is { ValueKind: JsonValueKind.Number } amount ? amount.GetDecimal() : 0;

    public static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    public void Dispose()
    {
        sandbox.Dispose();
        browser.Dispose();
    }
}
