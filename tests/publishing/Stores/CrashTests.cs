using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Dapper;
using Empire.Http;
using Empire.Publishing.Tests.Stubs;
using Empire.Testing;

namespace Empire.Publishing.Tests.Stores;

/// <summary>The service killed between a neighbour's answer and its own rows: the request sent again is the first one, and nothing was paid, counted or written twice.</summary>
[Trait("Category", "chaos")]
public sealed class CrashTests : IAsyncLifetime
{
    private readonly TenantId tenant = TenantId.New(TimeProvider.System.GetUtcNow());
    private readonly string prefix = $"t{Guid.CreateVersion7():n}.", faults = Directory.CreateTempSubdirectory("publishing-faults-").FullName;
    private readonly StubContent content = new();
    private readonly StubAnalytics analytics = new();
    private readonly StubX x = new();
    private readonly PlatformsSandbox platforms = new();
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync()
    {
        platforms.Start();
        await Task.WhenAll(content.StartAsync(), analytics.StartAsync(), x.StartAsync());
        database = await TestDatabase.CreateAsync("publishing", typeof(Program).Assembly);
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        await content.DisposeAsync();
        await analytics.DisposeAsync();
        await x.DisposeAsync();
        await platforms.DisposeAsync();
        Directory.Delete(faults, recursive: true);
    }

    [Fact]
    public async Task A_death_between_a_paid_listing_and_its_product_leaves_no_place_taken_and_the_repeat_pays_nothing()
    {
        var key = $"{Guid.CreateVersion7()}";
        await ArmAsync("publishing.product-written");
        await DiesAsync("/api/products/create", new { niche = "clocks" }, key);
        Assert.Equal((0, 0, 1), (await CountAsync("select count(*)::int from products"), await TakenAsync("products"), content.ListingsWritten));

        var product = await AnsweredAsync("/api/products/create", new { niche = "clocks" }, key);
        Assert.Equal("The clocks handbook", product["title"]!.GetValue<string>());
        Assert.Equal((1, 1, 1), (await CountAsync("select count(*)::int from products"), await TakenAsync("products"), content.ListingsWritten));
    }

    [Fact]
    public async Task A_death_in_a_sync_leaves_the_store_as_it_was_and_the_next_fills_it()
    {
        var store = await AnsweredAsync("/api/stores/connect", new { platform = "gumroad", access_token = "token-of-the-owner" }, null);
        await ArmAsync("publishing.store-fetched");
        await DiesAsync("/api/stores/sync", new { store_id = store["id"]!.GetValue<string>() }, null);
        Assert.Equal((0, 0), (await CountAsync("select count(*)::int from store_orders"), await CountAsync("select count(*)::int from product_stores where synced_at is not null or total_products > 0")));

        var synced = await AnsweredAsync("/api/stores/sync", new { }, null);
        Assert.Equal(1, synced["synced"]!.GetValue<int>());
        Assert.True(synced["data"]![0]!["total_products"]!.GetValue<int>() > 0);
        Assert.True(await CountAsync("select count(*)::int from store_orders") > 0);
        Assert.Equal(1, await TakenAsync("stores"));
    }

    private Task ArmAsync(string point) => File.WriteAllTextAsync(Path.Combine(faults, point), "0");

    private async Task DiesAsync(string path, object body, string? key)
    {
        var port = FreePort();
        await using var doomed = Start(port);
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(port, path, body, key));
        await doomed.DiedAsync();
        await using var owner = await database.OpenAsOwnerAsync();
        await owner.ExecuteAsync("update kernel.idempotency set lease_until = now() - interval '1 second' where status is null"); // as time would: the dead process holds the key for a minute
    }

    private async Task<JsonObject> AnsweredAsync(string path, object body, string? key)
    {
        var port = FreePort();
        await using var process = Start(port);
        using var answer = await PostAsync(port, path, body, key);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    private PublishingProcess Start(int port) => PublishingProcess.Start(database, content, analytics, x, prefix, faults, port, platforms.Address);

    /// <summary>As the gateway hands a request on, once the service listens.</summary>
    private async Task<HttpResponseMessage> PostAsync(int port, string path, object body, string? key)
    {
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
        await Eventually.TrueAsync(async () => (await client.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
        var tokens = new CallerToken(new byte[32], TimeProvider.System); // the key that the process is given
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body), Headers = { { CallerToken.Header, tokens.Sign(new(tenant, "user:test", "owner", Tier: "free")) } } };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await client.SendAsync(request);
    }

    private Task<int> TakenAsync(string resource) => CountAsync($"select coalesce(sum(used), 0)::int from kernel.tenant_resources where resource = '{resource}'");

    private async Task<int> CountAsync(string sql)
    {
        await using var owner = await database.OpenAsOwnerAsync();
        return await owner.ExecuteScalarAsync<int>(sql);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
