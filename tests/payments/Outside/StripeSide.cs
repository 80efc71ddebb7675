using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Empire.Testing;

namespace Empire.Payments.Tests.Outside;

/// <summary>What happens at Stripe without us: prices that its owner makes there, and months that pass.</summary>
public static class StripeSide
{
    /// <summary>Asks the emulated Stripe's own API.</summary>
    public static async Task<JsonObject> StripeAsync(this MarketApp app, string path, params (string Name, object Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value.ToString()!)));
        using var answer = fields.Length > 0 ? await app.Sandbox.Http.PostAsync($"/stripe/v1/{path}", form) : await app.Sandbox.Http.GetAsync($"/stripe/v1/{path}");
        var body = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.True(answer.IsSuccessStatusCode, body.ToJsonString());
        return body;
    }

    /// <summary>What is read once it is as wanted; the failure shows how it was last.</summary>
    public static async Task<JsonObject> UntilAsync(this MarketApp app, string path, Func<JsonObject, bool> wanted)
    {
        JsonObject last = [];
        try { await Eventually.TrueAsync(async () => wanted(last = await app.GetAsync(path))); }
        catch (TimeoutException e)
        {
            var waiting = await app.ReadAsync<string>("select string_agg(format('%s %s: %s', task, subject, problem), '; ') from provider_tasks");
            throw new TimeoutException($"{path} stays {last.ToJsonString()}; waiting: {waiting}", e.InnerException);
        }
        return last;
    }

    /// <param name="tier">In the price's metadata; null: it says nothing of tiers.</param>
    public static async Task<string> PriceAsync(this MarketApp app, long cents, string? tier) => (await app.StripeAsync("prices",
        [("currency", "usd"), ("unit_amount", cents), ("recurring[interval]", "month"), ("product_data[name]", "Empire"), .. tier is null ? Array.Empty<(string, object)>() : [("metadata[tier]", tier)]]))["id"]!.GetValue<string>();

    /// <summary>An account that subscribes, in a time of its own.</summary>
    public static async Task<Subscriber> SubscriberAsync(this MarketApp app, DateTimeOffset start, string card = "pm_card_visa")
    {
        var clock = (await app.StripeAsync("test_helpers/test_clocks", ("frozen_time", start.ToUnixTimeSeconds())))["id"]!.GetValue<string>();
        var (account, email) = (Guid.CreateVersion7(), $"{Guid.CreateVersion7():N}@example.com");
        app.Identity.Accounts[email] = account;
        var (status, made) = await app.PostAsync("/api/v1/revenue/customers", new { email, account = true, test_clock = clock, payment_method = card });
        Assert.True(status == HttpStatusCode.Created, made.ToJsonString());
        var id = made["customer_id"]!.GetValue<string>();
        var reference = (await app.ReadAsync<string>("select stripe_id from customers where id = @id", new { id = MarketApp.IdOf(id) }))!;
        return new(app, id, account, reference, clock);
    }
}

/// <param name="Id">cust_….</param>
/// <param name="Account">Whose tier follows.</param>
/// <param name="Reference">Stripe's id.</param>
public sealed record Subscriber(MarketApp App, string Id, Guid Account, string Reference, string Clock)
{
    public async Task PayWithAsync(string card)
    {
        using var client = App.ClientFor(App.Tenant);
        using var answer = await client.PutAsJsonAsync($"/api/v1/revenue/customers/{Id}/payment-method", new { payment_method = card });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public Task AdvanceAsync(DateTimeOffset to) => App.StripeAsync($"test_helpers/test_clocks/{Clock}/advance", ("frozen_time", to.ToUnixTimeSeconds()));

    /// <summary>The row as the service has it.</summary>
    public Task<string?> TierAsync() => App.ReadAsync<string>("select tier from customers where id = @id", new { id = MarketApp.IdOf(Id) });

    /// <summary>What the other services hear of this account: tier and status, the oldest first.</summary>
    public async Task<IEnumerable<(string Tier, string Status)>> ToldAsync() =>
        (await App.HeardAsync<Empire.Contracts.SubscriptionChanged>(change => change.TenantId == Account)).Select(change => (change.Tier, change.Status));
}
