using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Empire.Http;
using Empire.Payments.Tests.Outside;
using Empire.Testing;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Payments.Tests.Charges;

/// <summary>The installation's key is changed while a payer is still to act.</summary>
public sealed class KeyRotationTests : IAsyncLifetime
{
    private readonly MarketApp app = new(); // of each test its own: a key that one has taken away is missing in all its rows
    private const string Payments = "/api/v1/revenue/payments";

    public ValueTask InitializeAsync() => app.InitializeAsync();
    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task After_a_rotation_the_old_key_may_go_and_an_open_payment_still_has_its_secret()
    {
        var payment = await OpenedAsync();
        await using var rotated = await app.RotatedAsync();
        var shown = await ShowAsync(rotated, payment["payment_id"]!.GetValue<string>());
        Assert.Equal(payment["client_secret"]!.GetValue<string>(), shown["client_secret"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_secret_whose_key_was_taken_out_too_early_takes_nothing_else_of_the_payment_away()
    {
        var id = (await OpenedAsync())["payment_id"]!.GetValue<string>();
        await using var without = app.WithKeys(KeyRotation.NewKey());
        var shown = await ShowAsync(without, id);
        Assert.Equal(("requires_payment_method", 5m), (shown["status"]!.GetValue<string>(), shown["amount"]!.GetValue<decimal>()));
        Assert.Null(shown["client_secret"]);
        Assert.Contains((await ShowAsync(without, ""))["data"]!.AsArray(), row => row!["payment_id"]!.GetValue<string>() == id);
        await Eventually.TrueAsync(async () => (await without.SealedValuesAsync()).GetProperty("reason").GetString() is { } reason && reason.Contains("payments.client_secret under the unlisted key", StringComparison.Ordinal));
    }

    private async Task<JsonObject> OpenedAsync()
    {
        var (status, payment) = await app.PostAsync(Payments, new { customer_id = await app.CustomerAsync(method: null), amount = 5 });
        Assert.Equal((HttpStatusCode.Created, "requires_payment_method"), (status, payment["status"]!.GetValue<string>()));
        return payment;
    }

    private async Task<JsonObject> ShowAsync(WebApplicationFactory<Program> at, string id)
    {
        using var client = at.CreateClient();
        client.DefaultRequestHeaders.Add(CallerToken.Header, at.Services.GetRequiredService<CallerToken>().Sign(new(app.Tenant, "user:test", "owner")));
        return (await client.GetFromJsonAsync<JsonObject>($"{Payments}/{id}".TrimEnd('/')))!;
    }
}
