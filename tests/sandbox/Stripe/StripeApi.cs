using System.Net;
using System.Text.Json.Nodes;

namespace Empire.Sandbox.Tests.Stripe;

/// <summary>A client of the emulated Stripe that speaks forms, as Stripe's own do.</summary>
public sealed class StripeApi(SandboxApp app, string key = "sk_test_any") : IDisposable
{
    /// <summary>Follows no redirects, so that a test sees where a page sends the cardholder.</summary>
    readonly HttpClient http = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = app.Client().BaseAddress };

    public sealed record Answer(HttpStatusCode Status, JsonObject Body, IReadOnlyDictionary<string, string> Headers)
    {
        public JsonObject Error => Body["error"]!.AsObject();
        public string? Code => Error["code"]?.ToString();
        public string? Param => Error["param"]?.ToString();
    }

    public Task<JsonObject> GetAsync(string path) => OkAsync(HttpMethod.Get, path, []);

    public Task<JsonObject> PostAsync(string path, params (string Name, object Value)[] fields) => OkAsync(HttpMethod.Post, path, fields);

    public Task<JsonObject> DeleteAsync(string path) => OkAsync(HttpMethod.Delete, path, []);

    public Task<Answer> SendAsync(string path, params (string Name, object Value)[] fields) => SendAsync(HttpMethod.Post, path, fields, null);

    public async Task<Answer> SendAsync(HttpMethod method, string path, (string Name, object Value)[] fields, string? idempotencyKey)
    {
        using var request = new HttpRequestMessage(method, "/stripe/v1" + path);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        if (method == HttpMethod.Post) request.Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value is bool flag ? flag ? "true" : "false" : $"{f.Value}")));
        using var response = await http.SendAsync(request);
        return new(response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject(), response.Headers.ToDictionary(h => h.Key, h => h.Value.First()));
    }

    /// <summary>Presses a button of one of the pages.</summary>
    /// <returns>Where it leads; null when it shows a page.</returns>
    public async Task<Uri?> PressAsync(string page, string name, string value)
    {
        using var content = new FormUrlEncodedContent([KeyValuePair.Create(name, value)]);
        using var response = await http.PostAsync(page, content);
        Assert.True((int)response.StatusCode < 400, $"{page} answered {response.StatusCode}");
        return response.Headers.Location;
    }

    public async Task<string> PageAsync(string address) => await http.GetStringAsync(address);

    /// <summary>A payment confirmed at once with a test card.</summary>
    public Task<Answer> PayAsync(long amount, string card = "pm_card_visa", string currency = "usd", params (string Name, object Value)[] more) =>
        SendAsync("/payment_intents", [("amount", amount), ("currency", currency), ("confirm", true), ("payment_method", card), ("payment_method_types[]", "card"), .. more]);

    async Task<JsonObject> OkAsync(HttpMethod method, string path, (string Name, object Value)[] fields)
    {
        var answer = await SendAsync(method, path, fields, null);
        Assert.True(answer.Status == HttpStatusCode.OK, $"{method} {path} answered {(int)answer.Status}: {answer.Body}");
        return answer.Body;
    }

    public void Dispose() => http.Dispose();
}
