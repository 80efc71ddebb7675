using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dapper;
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

    /// <summary>An account that subscribes, in a time of its own. Only Stripe's own API can put a customer on a test clock, so the row that was made over ours is told of that one.</summary>
    public static async Task<Subscriber> SubscriberAsync(this MarketApp app, DateTimeOffset start, string card = "pm_card_visa")
    {
        var id = await app.CustomerAsync(method: null);
        var row = new { id = MarketApp.IdOf(id) };
        await Eventually.EqualAsync(true, () => app.ReadAsync<bool>("select stripe_id is not null from customers where id = @id", row));
        var clock = (await app.StripeAsync("test_helpers/test_clocks", ("frozen_time", start.ToUnixTimeSeconds())))["id"]!.GetValue<string>();
        var reference = (await app.StripeAsync("customers", ("test_clock", clock)))["id"]!.GetValue<string>();
        var account = Guid.CreateVersion7();
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync())
            await owner.ExecuteAsync("update customers set stripe_id = @reference, account_id = @account where id = @id", new { reference, account, row.id });
        var subscriber = new Subscriber(app, id, account, reference, clock);
        await subscriber.PayWithAsync(card);
        return subscriber;
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
