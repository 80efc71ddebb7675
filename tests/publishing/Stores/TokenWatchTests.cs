using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Empire.Contracts;
using Empire.Credentials;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Publishing.Tests.Stores;

/// <summary>Stores on a clock that the test moves, and everything that is ever published heard.</summary>
public sealed class WatchedStoresApp : StoresApp
{
    public const string XToken = "the-token-of-the-installation-itself";

    public override TestClock Clock { get; } = new(TimeProvider.System.GetUtcNow());

    /// <summary>X is not the sandbox's here, so that its token is a key to look after.</summary>
    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [.. base.Settings, new("Providers:X:Sandbox", "false"), new("Providers:X:AccessToken", XToken), new("Providers:X:KeyVariable", "X_ACCESS_TOKEN")];

    public async Task<IReadOnlyList<TEvent>> PublishedAsync<TEvent>()
    {
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        return [.. (await owner.QueryAsync<string>("select body from heard where type = @type order by seq", new { type = typeof(TEvent).FullName })).Select(body => JsonSerializer.Deserialize<TEvent>(body, JsonSerializerOptions.Web)!)];
    }

    /// <summary>What is in the outbox already, and then all that comes into it.</summary>
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync(
            """
            create table heard (seq bigint generated always as identity, type text not null, body text not null);
            create function hear() returns trigger language plpgsql security definer as $$
            begin
              insert into public.heard (type, body) values (new.type, new.body);
              return new;
            end $$;
            create trigger hear after insert on kernel.outbox for each row execute function hear();
            """);
    }
}

/// <summary>IDN-16 for the tokens of stores: their age, their use, and their replacement.</summary>
public sealed class TokenWatchTests(WatchedStoresApp app) : IClassFixture<WatchedStoresApp>
{
    private static readonly TimeSpan Quarter = TimeSpan.FromDays(91);

    [Fact]
    public async Task A_token_past_its_age_is_said_once_and_another_token_begins_anew_while_the_same_one_does_not()
    {
        var tenant = NewTenant();
        using var owner = app.ClientOf(tenant);
        var connected = app.Clock.GetUtcNow();
        var store = await ConnectAsync(owner, "token-of-spring", HttpStatusCode.Created);
        app.Clock.Advance(Quarter - TimeSpan.FromMinutes(1));
        await Watch.TellAgedAsync(default);
        Assert.Empty(await AgedAsync(tenant));
        await ConnectAsync(owner, "token-of-spring"); // only to see whether it is still there
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        for (var turn = 0; turn < 2; turn++) await Watch.TellAgedAsync(default);
        await Eventually.EqualAsync(1, async () => (await AgedAsync(tenant)).Count); // the worker of the service may be at it itself
        var told = Assert.Single(await AgedAsync(tenant));
        Assert.Equal(("store", "shopify", "platform", $"store_{told.CredentialId:n}"), (told.Kept, told.Provider, told.Class, store["id"]!.GetValue<string>()));
        Assert.Equal(connected, told.SetAt, TimeSpan.FromMilliseconds(1));

        await ConnectAsync(owner, "token-of-spring");
        await Watch.TellAgedAsync(default);
        Assert.Single(await AgedAsync(tenant));
        var replaced = await ConnectAsync(owner, "token-of-summer");
        Assert.Equal(app.Clock.GetUtcNow(), DateTimeOffset.Parse(replaced["token_set_at"]!.GetValue<string>(), CultureInfo.InvariantCulture), TimeSpan.FromMilliseconds(1));
        app.Clock.Advance(Quarter - TimeSpan.FromMinutes(1));
        await Watch.TellAgedAsync(default);
        Assert.Single(await AgedAsync(tenant));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await Watch.TellAgedAsync(default);
        await Eventually.EqualAsync(2, async () => (await AgedAsync(tenant)).Count);
    }

    [Fact]
    public async Task A_tenfold_jump_in_a_token_s_use_is_said_once_and_ends_with_the_store()
    {
        var tenant = NewTenant();
        using var owner = app.ClientOf(tenant);
        var store = await ConnectAsync(owner, "token-of-the-owner", HttpStatusCode.Created);
        for (var day = 0; day < 8; day++)
        {
            for (var use = 0; use < 2; use++) await SyncAsync(owner);
            app.Clock.Advance(TimeSpan.FromDays(1));
        }
        for (var use = 0; use < 19; use++) await SyncAsync(owner);
        Assert.Empty(await JumpsAsync(tenant));
        for (var use = 0; use < 3; use++) await SyncAsync(owner);
        var jump = Assert.Single(await JumpsAsync(tenant));
        Assert.Equal(("store", "shopify", 20, 2m), (jump.Kept, jump.Provider, jump.Uses, jump.Usual));
        Assert.Equal(app.Clock.GetUtcNow(), await app.ReadAsync<DateTimeOffset>("select last_used_at from product_stores where tenant_id = @tenant", new { tenant = tenant.Value }), TimeSpan.FromMilliseconds(1));

        using var gone = await owner.DeleteAsync($"/api/stores/{store["id"]!.GetValue<string>()}");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        Assert.Equal(0, await app.ReadAsync<int>("select count(*)::int from store_token_uses where tenant_id = @tenant", new { tenant = tenant.Value }));
    }

    [Fact]
    public async Task The_installation_s_own_key_is_told_of_each_day_by_its_fingerprint_and_what_the_sandbox_plays_is_not()
    {
        var before = (await SeenAsync()).Count;
        app.Clock.Advance(TimeSpan.FromDays(1));
        await Eventually.TrueAsync(async () =>
        {
            app.Clock.Advance(TimeSpan.FromMinutes(1)); // the first word may have been waiting for identity
            return (await SeenAsync()).Count > before;
        });
        var seen = await SeenAsync();
        Assert.All(seen, key => Assert.Equal(("X", "X_ACCESS_TOKEN", "platform", app.Tenant.Value), (key.Provider, key.Variable, key.Class, key.TenantId)));
        Assert.Single(seen.Select(key => key.Fingerprint).Distinct());
        Assert.Matches("^[0-9a-f]{32}$", seen[0].Fingerprint);
        Assert.DoesNotContain(app.Services.GetServices<InstallationKey>(), key => key.Watched && key.Provider != "X");
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        Assert.Equal(0, await owner.QuerySingleAsync<int>("select count(*)::int from heard where body like '%' || @token || '%'", new { token = WatchedStoresApp.XToken }));
    }

    [Fact]
    public void A_fingerprint_is_of_one_key_at_one_provider_under_one_installation()
    {
        byte[] here = [.. Enumerable.Repeat((byte)1, 32)], elsewhere = [.. Enumerable.Repeat((byte)2, 32)];
        var print = new InstallationKey("OpenAI", "OPENAI_API_KEY", "llm", "sk-one").FingerprintUnder(here);
        Assert.Equal(print, new InstallationKey("OpenAI", "OPENAI_API_KEY", "llm", "sk-one").FingerprintUnder(here));
        foreach (var other in (string[])[
            new InstallationKey("OpenAI", "OPENAI_API_KEY", "llm", "sk-two").FingerprintUnder(here), new InstallationKey("OpenRouter", "OPENAI_API_KEY", "llm", "sk-one").FingerprintUnder(here),
            new InstallationKey("OpenAI", "OPENAI_API_KEY", "llm", "sk-one").FingerprintUnder(elsewhere)]) Assert.NotEqual(print, other);
    }

    private CredentialWatch Watch => app.Services.GetRequiredService<CredentialWatch>();

    private static TenantId NewTenant() => TenantId.New(TimeProvider.System.GetUtcNow());

    private static async Task<JsonObject> ConnectAsync(HttpClient owner, string token, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await owner.PostAsJsonAsync("/api/stores/connect", new { platform = "shopify", access_token = token, store_url = "https://paper-lamps.myshopify.com" });
        var store = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.True(answer.StatusCode == expected, store.ToJsonString());
        return store;
    }

    private static async Task SyncAsync(HttpClient owner)
    {
        using var answer = await owner.PostAsJsonAsync("/api/stores/sync", new { });
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    private async Task<List<CredentialAged>> AgedAsync(TenantId tenant) => [.. (await app.PublishedAsync<CredentialAged>()).Where(e => e.TenantId == tenant.Value)];

    private async Task<List<CredentialUseJumped>> JumpsAsync(TenantId tenant) => [.. (await app.PublishedAsync<CredentialUseJumped>()).Where(e => e.TenantId == tenant.Value)];

    private Task<IReadOnlyList<ProviderKeySeen>> SeenAsync() => app.PublishedAsync<ProviderKeySeen>();
}
