using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Empire.Http;
using Empire.Testing;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Publishing.Tests.Stores;

/// <summary>The installation's key is changed while stores are connected.</summary>
public sealed class KeyRotationTests : IAsyncLifetime
{
    private readonly StoresApp app = new(); // of each test its own: a key that one has taken away is missing in all its rows
    public ValueTask InitializeAsync() => app.InitializeAsync();
    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task After_a_rotation_the_old_key_may_go_and_stores_are_still_synced()
    {
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        await ConnectAsync(app, tenant);
        await using var rotated = await app.RotatedAsync(); // without anybody having asked for a sync meanwhile
        var (status, synced) = await PostAsync(rotated, tenant, "sync", new { });
        Assert.Equal((HttpStatusCode.OK, 1), (status, synced["synced"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_store_whose_key_was_taken_out_too_early_says_so_and_is_connected_anew_by_a_new_token()
    {
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        await ConnectAsync(app, tenant);
        await using var without = app.WithKeys(KeyRotation.NewKey());
        var (status, refused) = await PostAsync(without, tenant, "sync", new { });
        Assert.Equal((HttpStatusCode.Conflict, "STORE_NOT_CONNECTED"), (status, refused["code"]!.GetValue<string>()));
        Assert.Contains("no longer has the key", refused["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await ConnectAsync(without, tenant));
        (status, var synced) = await PostAsync(without, tenant, "sync", new { });
        Assert.Equal((HttpStatusCode.OK, 1), (status, synced["synced"]!.GetValue<int>()));
    }

    private static async Task<HttpStatusCode> ConnectAsync(WebApplicationFactory<Program> at, TenantId tenant)
    {
        var (status, store) = await PostAsync(at, tenant, "connect", new { platform = "gumroad", access_token = "token-of-the-owner" });
        Assert.True(status is HttpStatusCode.Created or HttpStatusCode.OK, store.ToJsonString());
        return status;
    }

    private static async Task<(HttpStatusCode Status, JsonObject Body)> PostAsync(WebApplicationFactory<Program> at, TenantId tenant, string verb, object body)
    {
        using var client = at.CreateClient();
        client.DefaultRequestHeaders.Add(CallerToken.Header, at.Services.GetRequiredService<CallerToken>().Sign(new(tenant, "user:test", "owner", Tier: "free")));
        using var answer = await client.PostAsJsonAsync($"/api/stores/{verb}", body);
        return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonObject>())!);
    }
}
