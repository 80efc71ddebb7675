using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Empire.Testing;

namespace Empire.Payments.Tests.Outside;

/// <summary>The service in memory with the providers outside, and their webhooks on the way in.</summary>
public class MarketApp : PaymentsApp
{
    private readonly Relay relay = new();

    public ProvidersSandbox Sandbox { get; } = new();
    public StubIdentity Identity { get; }

    public MarketApp() => Identity = new() { Operator = Tenant.Value };

    protected override Uri Outside => Sandbox.Address;

    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("services:identity:grpc:0", Identity.Address), new("Empire:PublicUrl", relay.Address)];

    public override async ValueTask InitializeAsync()
    {
        Sandbox.Start();
        await Identity.StartAsync();
        await relay.StartAsync(CreateClient);
        await base.InitializeAsync();
        await using (var owner = await TestDatabase.OpenAsOwnerAsync())
            await owner.ExecuteAsync(
                """
                create table heard (seq bigint generated always as identity primary key, type text not null, body text not null);
                create function hear() returns trigger language plpgsql security definer as $$ begin insert into public.heard (type, body) values (new.type, new.body); return new; end $$;
                create trigger hear after insert on kernel.outbox for each row execute function hear();
                """);
        await Sandbox.SendWebhooksToAsync(relay.Address);
    }

    /// <returns>Status and body of an answer.</returns>
    public async Task<(HttpStatusCode Status, JsonObject Body)> PostAsync(string path, object body, TenantId? tenant = null, string? key = null, string role = "owner")
    {
        using var client = ClientFor(tenant ?? Tenant, role);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length > 0 ? JsonNode.Parse(text)!.AsObject() : []);
    }

    public async Task<JsonObject> GetAsync(string path, TenantId? tenant = null)
    {
        using var client = ClientFor(tenant ?? Tenant);
        return (await client.GetFromJsonAsync<JsonObject>(path))!;
    }

    /// <returns>cust_….</returns>
    public async Task<string> CustomerAsync(string? method = "pm_card_visa")
    {
        var (status, body) = await PostAsync("/api/v1/revenue/customers", new { email = $"{Guid.CreateVersion7():N}@example.com", name = "Ada", payment_method = method });
        Assert.Equal(HttpStatusCode.Created, status);
        return body["customer_id"]!.GetValue<string>();
    }

    /// <returns>A payment that has succeeded and is booked.</returns>
    public async Task<JsonObject> PaidAsync(decimal amount = 97m, string currency = "USD", string? customer = null)
    {
        var (status, body) = await PostAsync("/api/v1/revenue/payments", new { customer_id = customer ?? await CustomerAsync(), amount, currency, description = "A sale" });
        Assert.True(status == HttpStatusCode.Created, body.ToJsonString());
        await BookedAsync(body["payment_id"]!.GetValue<string>());
        return body;
    }

    /// <summary>What was published of this type, the oldest first.</summary>
    public async Task<IReadOnlyList<TEvent>> HeardAsync<TEvent>(Func<TEvent, bool> which)
    {
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        var bodies = await owner.QueryAsync<string>("select body from heard where type = @type order by seq", new { type = typeof(TEvent).FullName });
        return [.. bodies.Select(body => JsonSerializer.Deserialize<TEvent>(body, JsonSerializerOptions.Web)!).Where(which)];
    }

    /// <summary>The money and its fee are in the books.</summary>
    public Task BookedAsync(string payment) => Eventually.EqualAsync(2L, () => ReadAsync<long>(
        "select count(*) from ledger_entries where payment_id = @id and (cause like '%:captured' or cause like '%:movement:%:fee')", new { id = IdOf(payment) }));

    public static Guid IdOf(string publicId) => Guid.Parse(publicId[(publicId.LastIndexOf('_') + 1)..]);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await relay.DisposeAsync();
        await Identity.DisposeAsync();
        await Sandbox.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
