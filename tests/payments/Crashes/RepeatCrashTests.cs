using System.Net;
using System.Text.Json.Nodes;

namespace Empire.Payments.Tests.Crashes;

/// <summary>The process killed once a decision stands, before its client has the answer: the repeat finds that decision and makes no other.</summary>
[Collection(MortalMarketCollection.Name)]
public sealed class RepeatCrashTests(MortalMarket market)
{
    private const string Revenue = "/api/v1/revenue";
    private readonly TenantId tenant = TenantId.New(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task Of_a_new_customer()
    {
        var body = await KilledAsync($"{Revenue}/customers", new { email = "ada@example.com", payment_method = "pm_card_visa" }, HttpStatusCode.Created);
        Assert.Equal(("ada@example.com", 1L), await market.ReadAsync<(string, long)>("select min(email), count(*) from customers where tenant_id = @Value", new { tenant.Value }));
        Assert.Single(await market.Sandbox.AllAsync("stripe/customers"), customer => customer["metadata"]!["empire_tenant"]?.GetValue<string>() == tenant.Value.ToString("N"));
        Assert.Equal("4242", body["card"]!["last4"]!.GetValue<string>());
    }

    [Fact]
    public async Task Of_a_new_seller()
    {
        await KilledAsync($"{Revenue}/sellers", new { email = "grace@example.com" }, HttpStatusCode.Created);
        Assert.Equal(1L, await market.ReadAsync<long>("select count(*) from sellers where tenant_id = @Value", new { tenant.Value }));
    }

    [Fact]
    public async Task Of_a_confirmation()
    {
        var (_, customer) = await market.AskAsync(tenant, $"{Revenue}/customers", new { email = "ada@example.com" }, NewKey());
        await market.QuietAsync();
        var (status, payment) = await market.AskAsync(tenant, $"{Revenue}/payments", new { customer_id = customer["customer_id"]!.GetValue<string>(), amount = 12 }, NewKey());
        Assert.True(status == HttpStatusCode.Created, payment.ToJsonString());
        await market.QuietAsync();
        var confirmed = await KilledAsync($"{Revenue}/payments/{payment["payment_id"]!.GetValue<string>()}/confirm", new { payment_method = "pm_card_visa" }, HttpStatusCode.Created);
        Assert.Equal("succeeded", confirmed["status"]!.GetValue<string>());
        await market.BookedAsync(tenant, entries: 2);
        Assert.Single(await market.ChargesAsync((await market.ReadAsync<string>("select stripe_id from customers where tenant_id = @Value", new { tenant.Value }))!));
    }

    private async Task<JsonObject> KilledAsync(string path, object request, HttpStatusCode wanted)
    {
        var (deaths, key) = (market.Deaths, NewKey());
        await market.ArmAsync("effects.settled");
        var (status, body) = await market.AskAsync(tenant, path, request, key);
        await market.DiedAndBackAsync(deaths);
        Assert.True(status == wanted, body.ToJsonString());
        await market.QuietAsync();
        return body;
    }

    private static string NewKey() => Guid.CreateVersion7().ToString();
}
