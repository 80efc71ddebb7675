extern alias Sandbox;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Empire.Payments.Tests.Outside;

/// <summary>The sandbox's providers on a real port: the same program that plays them in a demonstration.</summary>
public sealed class ProvidersSandbox : WebApplicationFactory<Sandbox::Program>
{
    private readonly string data = Directory.CreateTempSubdirectory("payments-sandbox").FullName;
    private HttpClient? http;

    public ProvidersSandbox() => UseKestrel();

    public Uri Address => Http.BaseAddress!;

    public HttpClient Http => http ?? throw new InvalidOperationException("The sandbox has not started.");

    public void Start()
    {
        StartServer();
        http = new() { BaseAddress = ClientOptions.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new("Bearer", "sk_test_sandbox");
    }

    /// <summary>Where webhooks go: the paths that the providers are told in a demonstration.</summary>
    public async Task SendWebhooksToAsync(string address)
    {
        foreach (var (provider, path) in Targets)
        {
            using var answer = await Http.PutAsJsonAsync($"/control/webhooks/{provider}/target", new { url = address + path });
            answer.EnsureSuccessStatusCode();
        }
    }

    private static readonly (string, string)[] Targets =
        [("stripe", "/api/v1/revenue/webhooks/stripe"), ("flutterwave", "/payment/flutterwave/webhook"), ("nowpayments", "/payment/nowpayments/webhook")];

    /// <param name="provider">stripe, flutterwave, nowpayments, or one of them with -webhook.</param>
    public async Task ArmAsync(string provider, string kind, string? path = null, int count = 1, string? method = null, int? latencyMs = null)
    {
        using var response = await Http.PostAsJsonAsync("/control/faults", new { match = new { provider, path_contains = path, method }, kind, count, latency_ms = latencyMs });
        response.EnsureSuccessStatusCode();
    }

    public async Task DisarmAsync() => (await Http.DeleteAsync("/control/faults")).EnsureSuccessStatusCode();

    /// <summary>What stands at a provider, whoever made it: <c>stripe/charges</c>.</summary>
    public async Task<IReadOnlyList<JsonObject>> AllAsync(string resource) => [.. (await Http.GetFromJsonAsync<JsonObject>($"/control/{resource}"))!["data"]!.AsArray().Select(item => item!.AsObject())];

    /// <summary>Presses a button of a page: <c>/flutterwave/pay/tx_…</c>.</summary>
    public async Task<Uri?> PressAsync(string page, params (string Name, string Value)[] fields)
    {
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var answer = await browser.PostAsync(new Uri(Address, page), form);
        Assert.True((int)answer.StatusCode < 400, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("HTTP_PORT", "0"); // any; UseKestrel(0) is late where the program is faster than the factory
        builder.UseSetting("Sandbox:Data", data);
        builder.UseSetting("Sandbox:WebhookRetryAfter", "00:00:00.050");
        builder.UseSetting("Sandbox:Stripe:WebhookSecret", PaymentsApp.StripeSecret);
        builder.UseSetting("Sandbox:Flutterwave:SecretHash", PaymentsApp.FlutterwaveHash);
        builder.UseSetting("Sandbox:NowPayments:IpnSecret", PaymentsApp.IpnSecret);
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        http?.Dispose();
        Directory.Delete(data, recursive: true);
    }
}
