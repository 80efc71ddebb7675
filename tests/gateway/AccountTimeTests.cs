using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Testing;
using StackExchange.Redis;

namespace Empire.Gateway.Tests;

/// <summary>What time does to sessions and credentials, seen from outside the gateway: IDN-12, IDN-13 and IDN-16.</summary>
public sealed class AccountTimeTests(AccountsBehind app) : IClassFixture<AccountsBehind>
{
    private const string Profile = "/api/auth/profile";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_session_timeout_of_sixty_seconds_ends_the_session_after_sixty_idle_ones()
    {
        var person = await app.SignedInAsync();
        using var browser = app.BrowserOf(person);
        using var unknown = await browser.PostAsJsonAsync("/admin/access-controls", new { control_type = "foo", control_value = "60" });
        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), (unknown.StatusCode, await unknown.CodeAsync()));
        using var set = await browser.PostAsJsonAsync("/admin/access-controls", new { control_type = "session_timeout", control_value = "60" });
        Assert.True(set.StatusCode == HttpStatusCode.Created, await set.Content.ReadAsStringAsync());
        for (var i = 0; i < 3; i++)
        {
            app.Clock.Advance(59 * Second);
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(browser));   // each request begins the minute anew
        }
        app.Clock.Advance(60 * Second);
        await RefusedAsync(browser);
        await RefusedAsync(browser);   // and asking does not wake it
        using var other = app.BrowserOf(await app.SignedInAsync());
        app.Clock.Advance(60 * Second);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(other));   // another account has its hour
    }

    [Fact]
    public async Task A_white_list_shuts_out_every_other_network_and_says_so()
    {
        var person = await app.SignedInAsync("10.1.2.3");
        using var inside = app.BrowserOf(person, "10.1.2.3");
        var address = GatewayApp.NewAddress();
        using var outside = app.BrowserOf(person, address);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(outside));
        using var set = await inside.PostAsJsonAsync("/admin/access-controls", new { control_type = "ip_whitelist", control_value = "10.0.0.0/8" });
        Assert.True(set.StatusCode == HttpStatusCode.Created, await set.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(inside));
        using var refused = await outside.GetAsync(Profile);
        Assert.Equal((HttpStatusCode.Forbidden, "NETWORK_NOT_ALLOWED"), (refused.StatusCode, await refused.CodeAsync()));
        using var owner = app.ClientFor("gopt_ownerownerownerownerowne");
        await Eventually.TrueAsync(async () => (await EventsAsync(owner, "/admin/security-events")).Any(one => one.GetProperty("kind").GetString() == "network_refused" && one.GetProperty("address").GetString() == address));
    }

    [Fact]
    public async Task Who_is_shut_out_by_one_account_still_leaves_it_for_another_or_for_good()
    {
        var (email, address) = ($"{Guid.CreateVersion7():N}@example.test", GatewayApp.NewAddress());
        var host = await app.SignedInAsync("10.1.2.3");
        var person = await app.SignedInAsync("10.1.2.3", email);
        await app.ConfirmedAsync(email);
        using var owner = app.BrowserOf(host, "10.1.2.3");
        using (var added = await owner.PostAsJsonAsync("/api/v1/identity/members", new { email })) Assert.True(added.StatusCode == HttpStatusCode.Created, await added.Content.ReadAsStringAsync());
        var (theirs, hosts) = (await TenantAsync(app.BrowserOf(person, address)), await TenantAsync(owner));
        person = await SwitchedAsync("10.1.2.3", hosts);
        using (var set = await owner.PostAsJsonAsync("/admin/access-controls", new { control_type = "ip_whitelist", control_value = "10.0.0.0/8" })) Assert.True(set.StatusCode == HttpStatusCode.Created, await set.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(app.BrowserOf(person, address)));
        person = await SwitchedAsync(address, theirs);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app.BrowserOf(person, address)));
        using (var back = await app.BrowserOf(person, address).PostAsJsonAsync("/api/auth/switch", new { tenant = hosts })) Assert.Equal((HttpStatusCode.Forbidden, "NETWORK_NOT_ALLOWED"), (back.StatusCode, await back.CodeAsync()));
        person = await SwitchedAsync("10.1.2.3", hosts);
        using var outside = app.BrowserOf(person, address);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(outside));
        using (var left = await outside.PostAsync(new Uri("/api/auth/logout", UriKind.Relative), null)) Assert.Equal(HttpStatusCode.OK, left.StatusCode);
        await RefusedAsync(app.BrowserOf(person, "10.1.2.3"));

        async Task<SignedIn> SwitchedAsync(string from, string tenant)
        {
            using var browser = app.BrowserOf(person, from);
            using var answer = await browser.PostAsJsonAsync("/api/auth/switch", new { tenant });
            Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
            return new(answer.Headers.GetValues("Set-Cookie").Single(), (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("csrf_token").GetString()!);
        }

        static async Task<string> TenantAsync(HttpClient browser) => (await browser.GetFromJsonAsync<JsonElement>("/api/v1/identity/me")).GetProperty("tenant").GetString()!;
    }

    [Fact]
    public async Task A_white_list_that_an_admin_sets_shuts_out_no_owner_at_any_instance()
    {
        await using var second = (AccountsBehind)await app.TwinAsync();
        var email = $"{Guid.CreateVersion7():N}@example.test";
        var owner = await app.SignedInAsync("10.1.2.3");
        var deputy = await app.SignedInAsync("192.0.2.4", email);
        await app.ConfirmedAsync(email);
        using var here = app.BrowserOf(owner, "10.1.2.3");
        using var there = second.BrowserOf(owner, "10.1.2.3");
        using (var added = await here.PostAsJsonAsync("/api/v1/identity/members", new { email, role = "admin" })) Assert.True(added.StatusCode == HttpStatusCode.Created, await added.Content.ReadAsStringAsync());
        var tenant = (await here.GetFromJsonAsync<JsonElement>("/api/v1/identity/me")).GetProperty("tenant").GetString();
        using var before = app.BrowserOf(deputy, "192.0.2.4");
        using var switched = await before.PostAsJsonAsync("/api/auth/switch", new { tenant });
        deputy = new(switched.Headers.GetValues("Set-Cookie").Single(), (await switched.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("csrf_token").GetString()!);
        using var admin = app.BrowserOf(deputy, "192.0.2.4");
        using var elsewhere = second.BrowserOf(deputy, "10.1.2.3");
        using var set = await admin.PostAsJsonAsync("/admin/access-controls", new { control_type = "ip_whitelist", control_value = "192.0.2.0/24" });
        Assert.True(set.StatusCode == HttpStatusCode.Created, await set.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK), (await StatusAsync(admin), await StatusAsync(here), await StatusAsync(there)));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(elsewhere));   // it holds for who set it
        var id = (await set.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.NoContent, (await there.DeleteAsync(new Uri($"/admin/access-controls/{id}", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(elsewhere));
    }

    [Fact]
    public async Task An_account_without_a_limit_sees_what_it_has_used()
    {
        using var owner = app.ClientFor("gopt_ownerownerownerownerowne");
        using var signedIn = await owner.PostAsJsonAsync("/api/auth/login", new { email = "owner@empire.example", password = "correct horse battery" });
        using var browser = app.BrowserOf(new(signedIn.Headers.GetValues("Set-Cookie").Single(), ""));
        var before = await UsedAsync();
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync(new Uri("/api/v1/content/pieces", UriKind.Relative))).StatusCode);
        app.Clock.Advance(2 * Second);   // told every two seconds
        await Eventually.EqualAsync(before + 3, UsedAsync);
        Assert.Equal(before + 3, (await browser.GetFromJsonAsync<JsonElement>(Profile)).GetProperty("api_calls_used").GetInt64());

        async Task<long> UsedAsync() => (await owner.GetFromJsonAsync<JsonElement>("/api/usage")).GetProperty("usage").EnumerateArray().Single(line => line.GetProperty("item").GetString() == "api_calls" && line.GetProperty("limit").ValueKind == JsonValueKind.Null).GetProperty("used").GetInt64();
    }

    [Fact]
    public async Task A_session_is_good_at_every_instance_until_it_has_been_idle_for_an_hour_at_all_of_them()
    {
        await using var second = (AccountsBehind)await app.TwinAsync();
        var person = await app.SignedInAsync();
        foreach (var attribute in (string[])["secure", "httponly", "samesite=lax", "path=/"]) Assert.Contains(attribute, person.Cookie, StringComparison.OrdinalIgnoreCase);
        using var here = app.BrowserOf(person);
        using var there = second.BrowserOf(person);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await StatusAsync(here), await StatusAsync(there)));
        app.Clock.Advance(3599 * Second);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(there));
        app.Clock.Advance(3599 * Second);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(here));   // what was seen there counts here
        Assert.True(await SeenInRedisAsync() > 0);
        app.Clock.Advance(3600 * Second);
        Assert.True(await SeenInRedisAsync() > 0);   // Redis, whose time has not passed, still has it: the moment that is noted decides, not how long a note is kept
        await RefusedAsync(there);
        await RefusedAsync(here);
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused_and_a_session_ended_at_one_instance_is_ended_at_all()
    {
        await using var second = (AccountsBehind)await app.TwinAsync();
        var person = await app.SignedInAsync();
        using var forged = app.BrowserOf(person, withToken: false);
        using var form = await forged.PostAsync(new Uri("/api/auth/logout", UriKind.Relative), new FormUrlEncodedContent([new("all", "true")]));
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_CSRF_TOKEN"), (form.StatusCode, await form.CodeAsync()));
        using var there = second.BrowserOf(person);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(there));
        using var left = await there.PostAsync(new Uri("/api/auth/logout", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.OK, left.StatusCode);
        await RefusedAsync(forged);
    }

    [Theory]
    [InlineData("llm", 30)]
    [InlineData("platform", 91)]
    public async Task A_credential_past_its_age_raises_an_alert(string kind, int days)
    {
        var (key, _) = await KeyAsync();
        using var owner = app.ClientFor(key);
        var credential = await StoredAsync(owner, kind);
        app.Clock.Advance(TimeSpan.FromDays(days) - Second);
        Assert.Empty(await AlertsAsync(owner, "credential-aged"));
        app.Clock.Advance(TimeSpan.FromHours(1));   // the vault looks every hour
        await Eventually.TrueAsync(async () => (await AlertsAsync(owner, "credential-aged")).Count > 0);
        Assert.Equal(credential, Assert.Single(await AlertsAsync(owner, "credential-aged")).GetProperty("entity_id").GetString());
    }

    [Fact]
    public async Task A_tenfold_jump_in_a_credentials_use_raises_another()
    {
        var (key, tenant) = await KeyAsync();
        using var owner = app.ClientFor(key);
        var credential = await StoredAsync(owner, "platform");
        for (var day = 0; day < 8; day++)
        {
            for (var use = 0; use < 3; use++) await app.OpenCredentialAsync(tenant, credential);
            app.Clock.Advance(TimeSpan.FromDays(1));
        }
        for (var use = 0; use < 29; use++) await app.OpenCredentialAsync(tenant, credential);
        Assert.Empty(await AlertsAsync(owner, "credential-use-jumped"));
        await app.OpenCredentialAsync(tenant, credential);
        await Eventually.TrueAsync(async () => (await AlertsAsync(owner, "credential-use-jumped")).Count > 0);
        var alert = Assert.Single(await AlertsAsync(owner, "credential-use-jumped"));
        Assert.Equal((credential, 30), (alert.GetProperty("entity_id").GetString(), alert.GetProperty("details").GetProperty("uses").GetInt32()));
    }

    /// <summary>The key of a new account, and the account.</summary>
    private async Task<(string Key, TenantId Tenant)> KeyAsync()
    {
        using var stranger = app.ClientFor(null);
        using var made = await stranger.PostAsJsonAsync("/api/signup", new { email = $"{Guid.CreateVersion7():N}@example.test" });
        var key = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("api_key").GetString()!;
        using var owner = app.ClientFor(key);
        return (key, TenantId.Parse((await owner.GetFromJsonAsync<JsonElement>("/api/v1/identity/me")).GetProperty("tenant").GetString()!));
    }

    private static async Task<string> StoredAsync(HttpClient owner, string kind)
    {
        using var stored = await owner.PostAsJsonAsync("/api/v1/identity/credentials", new { name = "main", provider = "shopify", @class = kind, value = "a credential of a store" });
        Assert.True(stored.StatusCode == HttpStatusCode.Created, await stored.Content.ReadAsStringAsync());
        return (await stored.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static Task<List<JsonElement>> AlertsAsync(HttpClient owner, string kind) => EventsAsync(owner, $"/api/v1/identity/security-events?kind={kind}");

    private static async Task<List<JsonElement>> EventsAsync(HttpClient owner, string path) => [.. (await owner.GetFromJsonAsync<JsonElement>(path)).GetProperty("data").EnumerateArray()];

    private static async Task<HttpStatusCode> StatusAsync(HttpClient browser) => (await browser.GetAsync(Profile)).StatusCode;

    private static async Task RefusedAsync(HttpClient browser)
    {
        using var answer = await browser.GetAsync(Profile);
        Assert.Equal((HttpStatusCode.Unauthorized, "INVALID_API_KEY"), (answer.StatusCode, await answer.CodeAsync()));
    }

    private async Task<int> SeenInRedisAsync()
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(app.Redis.Address);
        return ((RedisResult[])(await redis.GetDatabase().ExecuteAsync("KEYS", "empire:session:*"))!).Length;
    }
}
