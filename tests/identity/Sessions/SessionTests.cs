using System.Net;
using System.Text;
using System.Text.Json;
using Dapper;
using Empire.Http;
using Empire.Identity.Tokens;
using Empire.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Hosting;

namespace Empire.Identity.Tests.Sessions;

public sealed class SessionTests(PeopleApp app) : IClassFixture<PeopleApp>
{
    [Fact]
    public async Task A_sign_in_at_one_replica_is_good_at_another_and_ended_there_is_ended_here()
    {
        var email = await app.RegisteredAsync();
        await using var second = app.Replica();
        using var response = await app.SignInAsync(email);
        var cookie = PeopleApp.CookieOf(response);
        Assert.NotNull(await app.AuthenticateAsync(new() { Session = cookie }, second));
        using (var replaced = await app.SignInAsync(email, cookie: cookie, at: second)) Assert.Equal(HttpStatusCode.OK, replaced.StatusCode);
        Assert.Null(await app.AuthenticateAsync(new() { Session = cookie }));
    }

    [Fact]
    public async Task Idle_for_the_timeout_it_is_over_and_each_request_begins_it_anew()
    {
        var browser = await app.BrowserAsync(await app.RegisteredAsync());
        for (var i = 0; i < 3; i++)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(3599));
            Assert.True(await browser.IsInAsync());
        }
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.True(await browser.IsInAsync()); // noted in Redis only: the database's minute has not passed
        app.Clock.Advance(TimeSpan.FromSeconds(3599));
        Assert.True(await browser.IsInAsync());
        app.Clock.Advance(TimeSpan.FromSeconds(3600));
        Assert.False(await browser.IsInAsync());
    }

    [Fact]
    public async Task However_busy_it_is_over_after_twelve_hours()
    {
        var browser = await app.BrowserAsync(await app.RegisteredAsync());
        for (var i = 0; i < 23; i++)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(30));
            Assert.True(await browser.IsInAsync());
        }
        app.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.False(await browser.IsInAsync());
    }

    [Fact]
    public async Task A_cookie_that_was_there_before_signing_in_is_not_the_session_after()
    {
        var email = await app.RegisteredAsync();
        var planted = new string('A', 43);
        using (var response = await app.SignInAsync(email, cookie: planted)) Assert.NotEqual(planted, PeopleApp.CookieOf(response));
        Assert.Null(await app.AuthenticateAsync(new() { Session = planted }));

        var attacker = await app.BrowserAsync(await app.RegisteredAsync()); // a session that is real, put into the victim's browser
        using var victim = await app.SignInAsync(email, cookie: attacker.Cookie);
        Assert.NotEqual(attacker.Cookie, PeopleApp.CookieOf(victim));
        Assert.False(await attacker.IsInAsync());
    }

    [Fact]
    public async Task Sessions_are_listed_and_ended_one_by_one_or_all_but_this_and_only_ones_own()
    {
        var email = await app.RegisteredAsync();
        var (here, second, third) = (await app.BrowserAsync(email), await app.BrowserAsync(email), await app.BrowserAsync(email));
        var stranger = await app.BrowserAsync(await app.RegisteredAsync());
        var list = (await here.ReadAsync("/api/v1/identity/sessions")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(3, list.Count);
        Assert.Single(list, s => s.GetProperty("current").GetBoolean());

        var own = (await second.ReadAsync("/api/v1/identity/sessions")).GetProperty("data").EnumerateArray().Single(s => s.GetProperty("current").GetBoolean()).GetProperty("id").GetString();
        using (var foreign = await stranger.SendAsync(HttpMethod.Delete, $"/api/v1/identity/sessions/{own}")) Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.True(await second.IsInAsync());
        using (var ended = await here.SendAsync(HttpMethod.Delete, $"/api/v1/identity/sessions/{own}")) Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.False(await second.IsInAsync());
        using (var others = await here.SendAsync(HttpMethod.Delete, "/api/v1/identity/sessions")) Assert.Equal(HttpStatusCode.OK, others.StatusCode);
        Assert.Equal((true, false), (await here.IsInAsync(), await third.IsInAsync()));
    }

    [Fact]
    public async Task Signed_out_the_session_and_its_tokens_are_refused()
    {
        var browser = await app.BrowserAsync(await app.RegisteredAsync());
        var token = await TokenAsync(browser);
        Assert.NotNull(await app.AuthenticateAsync(new() { AccessToken = token }));
        using (var response = await browser.PostAsync("/api/auth/logout")) Assert.Equal("success", (await response.JsonAsync()).GetProperty("status").GetString());
        Assert.False(await browser.IsInAsync());
        Assert.Null(await app.AuthenticateAsync(new() { AccessToken = token }));
    }

    [Fact]
    public async Task The_profile_shows_address_role_tier_and_usage_and_is_of_people_only()
    {
        var email = await app.RegisteredAsync();
        var profile = await (await app.BrowserAsync(email)).ReadAsync("/api/auth/profile");
        Assert.Equal((email, "user", "free"), (profile.GetProperty("email").GetString(), profile.GetProperty("role").GetString(), profile.GetProperty("subscription_tier").GetString()));
        Assert.Equal((0, 100), (profile.GetProperty("api_calls_used").GetInt32(), profile.GetProperty("monthly_limit").GetInt32()));
        using var key = app.ClientFor(app.Tenant, actor: "key:0123");
        using var refused = await key.GetAsync("/api/auth/profile");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var nobody = app.CreateClient();
        foreach (var path in (string[])["/api/auth/profile", "/api/v1/identity/sessions", "/api/v1/identity/members", "/admin/users", "/api/auth/second-factor"])
            Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task A_closed_account_is_not_entered_and_its_reason_is_told()
    {
        var email = await app.RegisteredAsync();
        var browser = await app.BrowserAsync(email);
        await using var database = await app.OpenAsync();
        await database.ExecuteAsync("update tenants set is_active = false where tenant_id in (select tenant_id from memberships m join users u on u.id = m.user_id where email = @email)", new { email });
        var refused = await Assert.ThrowsAsync<RpcException>(browser.WhoAsync);
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
    }

    [Fact]
    public async Task Without_Redis_people_still_sign_in_stay_in_and_are_out_when_idle()
    {
        await using var lonely = new LonelyApp();
        await lonely.InitializeAsync();
        var browser = await lonely.BrowserAsync(await lonely.RegisteredAsync());
        lonely.Clock.Advance(TimeSpan.FromSeconds(3599));
        Assert.True(await browser.IsInAsync());
        lonely.Clock.Advance(TimeSpan.FromSeconds(3599));
        Assert.True(await browser.IsInAsync()); // the database kept the exact moment, since Redis could not
        using (var signedOut = await browser.PostAsync("/api/auth/logout")) Assert.Equal(HttpStatusCode.OK, signedOut.StatusCode);
        Assert.False(await browser.IsInAsync());
        var idle = await lonely.BrowserAsync(await lonely.RegisteredAsync());
        lonely.Clock.Advance(TimeSpan.FromSeconds(3600));
        Assert.False(await idle.IsInAsync());
    }

    [Fact]
    public async Task A_person_of_two_accounts_switches_and_the_session_gets_a_new_id()
    {
        var (guest, host) = (await app.ConfirmedAsync(), await app.BrowserAsync(await app.RegisteredAsync()));
        using (var added = await host.PostAsync("/api/v1/identity/members", new { email = guest, role = "viewer" })) Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var browser = await app.BrowserAsync(guest);
        var (before, home, token) = (browser.Cookie, (await browser.WhoAsync())!.TenantId, await TokenAsync(browser));
        var other = (await host.WhoAsync())!.TenantId;
        using (var switched = await browser.PostAsync("/api/auth/switch", new { tenant = new TenantId(Guid.Parse(other)).ToString() })) Assert.Equal(HttpStatusCode.OK, switched.StatusCode);
        var now = await browser.WhoAsync();
        Assert.Equal((other, "viewer"), (now!.TenantId, now.Role));
        Assert.NotEqual(before, browser.Cookie);
        Assert.Null(await app.AuthenticateAsync(new() { Session = before }));
        Assert.Null(await app.AuthenticateAsync(new() { AccessToken = token })); // it was for the other account
        var stranger = await app.BrowserAsync(await app.RegisteredAsync());
        using var refused = await stranger.PostAsync("/api/auth/switch", new { tenant = new TenantId(Guid.Parse(home)).ToString() });
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public async Task A_token_that_is_altered_unsigned_expired_or_of_another_key_is_refused()
    {
        var browser = await app.BrowserAsync(await app.RegisteredAsync());
        var token = await TokenAsync(browser);
        var (header, body, signature) = token.Split('.') is [var h, var b, var s] ? (h, b, s) : default;
        var claims = Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(body));
        string Encoded(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
        var session = (await browser.ReadAsync("/api/v1/identity/sessions")).GetProperty("data")[0].GetProperty("id").GetString()!;
        var forged = new AccessTokens(new byte[32], app.Clock).Issue(PublicId.Parse("ses", session), Guid.Empty, app.Tenant).Token;
        string[] bad =
        [
            "", ".", "..", "a.b.c", token + "x", $"{header}.{body}", $"{header}.{body}.",
            $"{header}.{Encoded(claims.Replace("\"exp\":", "\"exp\":9", StringComparison.Ordinal))}.{signature}",
            $"{Encoded("""{"alg":"none","typ":"JWT"}""")}.{body}.",
            $"{Encoded("""{"alg":"none","typ":"JWT"}""")}.{body}.{signature}",
            $"{Encoded("""{"alg":"RS256","typ":"JWT"}""")}.{body}.{signature}",
            forged,
        ];
        foreach (var candidate in bad) Assert.Null(await app.AuthenticateAsync(new() { AccessToken = candidate }));
        var who = await app.AuthenticateAsync(new() { AccessToken = token });
        Assert.Equal((true, 0, ""), (who!.Metered, who.CacheSeconds, who.AntiforgeryToken));
        app.Clock.Advance(AccessTokens.Lifetime);
        Assert.Null(await app.AuthenticateAsync(new() { AccessToken = token }));
    }

    [Fact]
    public async Task A_token_of_ours_that_is_over_is_told_from_a_guess()
    {
        var browser = await app.BrowserAsync(await app.RegisteredAsync());
        var (late, ended) = (await TokenAsync(browser), await TokenAsync(await app.BrowserAsync(await app.RegisteredAsync())));
        var forged = new AccessTokens(new byte[32], app.Clock).Issue(Guid.CreateVersion7(), Guid.Empty, app.Tenant).Token;
        await using (var database = await app.OpenAsync()) await database.ExecuteAsync("delete from sessions where id = @id", new { id = SessionOf(ended) });
        Assert.Equal((false, true), (await IsBlamelessAsync(forged), await IsBlamelessAsync(ended)));
        app.Clock.Advance(AccessTokens.Lifetime);
        Assert.Equal((false, true), (await IsBlamelessAsync(late + "x"), await IsBlamelessAsync(late)));

        static Guid SessionOf(string token) => JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1])).RootElement.GetProperty("sid").GetString() is { } id ? Guid.ParseExact(id, "N") : default;

        async Task<bool> IsBlamelessAsync(string token)
        {
            using var channel = GrpcChannel.ForAddress(app.Server.BaseAddress, new() { HttpHandler = app.Server.CreateHandler() });
            var refused = await Assert.ThrowsAsync<RpcException>(async () => await new Contracts.V1.Identity.IdentityClient(channel).AuthenticateAsync(new() { AccessToken = token }));
            Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
            return refused.Trailers.Get(Blameless.Header) is not null;
        }
    }

    [Fact]
    public async Task A_token_ends_with_its_person()
    {
        var email = await app.RegisteredAsync();
        var token = await TokenAsync(await app.BrowserAsync(email));
        await using var database = await app.OpenAsync();
        await database.ExecuteAsync("delete from memberships where user_id = (select id from users where email = @email)", new { email });
        Assert.Null(await app.AuthenticateAsync(new() { AccessToken = token }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("' or 1=1 --")]
    public async Task A_session_that_never_was_is_refused(string cookie) => Assert.Null(await app.AuthenticateAsync(new() { Session = cookie }));

    [Fact]
    public async Task The_database_holds_no_cookie_in_clear()
    {
        var browser = await app.BrowserAsync(await app.RegisteredAsync());
        await using var database = await app.OpenAsync();
        Assert.DoesNotContain(await database.QueryAsync<string>("select sessions::text from sessions"), row => row.Contains(browser.Cookie, StringComparison.Ordinal));
    }

    [Fact]
    public Task Every_table_of_a_tenant_forces_row_level_security() => TenantTables.AssertIsolatedAsync(app.TestDatabase);

    private static async Task<string> TokenAsync(Browser browser)
    {
        using var response = await browser.PostAsync("/api/auth/token");
        return (await response.JsonAsync()).GetProperty("access_token").GetString()!;
    }

    private sealed class LonelyApp : PeopleApp
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("ConnectionStrings:redis", "127.0.0.1:9"); // nobody listens
        }
    }
}
