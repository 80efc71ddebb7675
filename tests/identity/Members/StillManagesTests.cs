using System.Net;
using System.Net.Http.Json;
using Dapper;
using Empire.Http;
using Empire.Identity.Keys;
using Empire.Identity.Members;
using Empire.Identity.Sessions;
using Empire.Identity.Tokens;
using Empire.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Identity.Tests.Members;

/// <summary>The gateway has signed the caller, and then something happens to them before the rest of their request comes.</summary>
public sealed class StillManagesTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    private const string Keys = "/api/v1/identity/keys";

    [Theory]
    [InlineData("delete from memberships where user_id = @user")]
    [InlineData("update memberships set role = 'member' where user_id = @user")]
    [InlineData("delete from sessions where user_id = @user")]
    public async Task A_person_who_was_removed_lowered_or_signed_out_meanwhile_makes_neither_keys_nor_members(string meanwhile)
    {
        var (tenant, user, client) = await AdminAsync();
        var other = PublicId.Format("key", await KeyOfAsync(tenant, "viewer"));
        var guest = $"guest{user:n}@people.example";
        await app.UserAsync(guest);
        await OwnerAsync(meanwhile, new { user });
        foreach (var (path, body) in new (string, object)[] { (Keys, new { name = "late" }), ($"{Keys}/{other}/rotate", new { }), ("/api/v1/identity/members", new { email = guest }) })
        {
            using var late = await client.PostAsJsonAsync(path, body);
            Assert.Equal((HttpStatusCode.Forbidden, "FORBIDDEN"), (late.StatusCode, await late.CodeAsync()));
        }
        using var raised = await client.PatchAsJsonAsync($"/api/v1/identity/members/{PublicId.Format("usr", user)}", new { role = "viewer" });
        Assert.Contains(raised.StatusCode, (HttpStatusCode[])[HttpStatusCode.Forbidden, HttpStatusCode.NotFound]);
    }

    [Theory]
    [InlineData("update api_keys set revoked_at = now() where id = @id")]
    [InlineData("update api_keys set expires_at = @now where id = @id")]
    [InlineData("update api_keys set role = 'viewer' where id = @id")]
    public async Task A_key_that_ended_or_was_cut_down_meanwhile_makes_no_other(string meanwhile)
    {
        var tenant = await app.AccountAsync();
        var (id, other) = (await KeyOfAsync(tenant, "admin"), await KeyOfAsync(tenant, "viewer"));
        var client = app.Of(tenant, "admin", actor: $"key:{id:N}");
        using (var good = await client.PostAsJsonAsync(Keys, new { name = "in time" })) Assert.Equal(HttpStatusCode.Created, good.StatusCode);
        await OwnerAsync(meanwhile, new { id, now = app.Clock.GetUtcNow() });
        using var late = await client.PostAsJsonAsync(Keys, new { name = "late" });
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        using var rotated = await client.PostAsJsonAsync($"{Keys}/{PublicId.Format("key", other)}/rotate", new { });
        Assert.Equal(HttpStatusCode.Forbidden, rotated.StatusCode);
    }

    [Theory]
    [InlineData("delete from memberships where user_id = @user")]
    [InlineData("update memberships set role = 'member' where user_id = @user")]
    [InlineData("delete from sessions where user_id = @user")]
    public async Task Nor_do_they_change_or_take_away_anything(string meanwhile)
    {
        var (tenant, user, client) = await AdminAsync();
        var (key, guest) = (PublicId.Format("key", await KeyOfAsync(tenant, "viewer")), await app.UserAsync());
        await OwnerAsync("insert into memberships (tenant_id, user_id, role, created_at) values (@Value, @guest, 'member', now())", new { tenant.Value, guest });
        const string controls = "/api/v1/identity/access-controls", credentials = "/api/v1/identity/credentials", privacy = "/api/v1/identity/privacy";
        var control = (await MadeAsync(client, controls, new { control_type = "session_timeout", control_value = "900" })).Text("id");
        var credential = (await MadeAsync(client, credentials, new { name = "shop", provider = "stripe", @class = "platform", value = "a credential of mine" })).Text("id");
        await OwnerAsync(meanwhile, new { user });
        foreach (var (method, path, body) in new (string, string, object?)[]
        {
            ("PATCH", $"{Keys}/{key}", new { name = "late" }), ("DELETE", $"{Keys}/{key}", null),
            ("POST", controls, new { control_type = "session_timeout", control_value = "60" }), ("PATCH", $"{controls}/{control}", new { control_value = "60" }), ("DELETE", $"{controls}/{control}", null),
            ("POST", credentials, new { name = "late", provider = "stripe", @class = "platform", value = "a credential of mine" }), ("PUT", $"{credentials}/{credential}/value", new { value = "another" }),
            ("DELETE", $"{credentials}/{credential}", null),
            ("DELETE", $"/api/v1/identity/members/{PublicId.Format("usr", guest)}", null),
            ("POST", $"{privacy}/exports", new { user_id = PublicId.Format("usr", guest) }),
            ("POST", $"{privacy}/erasures", new { user_id = PublicId.Format("usr", guest), confirm = $"{guest:n}@people.example" }),
        })
        {
            using var late = await SentAsync(client, method, path, body);
            Assert.True((late.StatusCode, await late.CodeAsync()) == (HttpStatusCode.Forbidden, "FORBIDDEN"), $"{method} {path}: {late.StatusCode}");
        }
    }

    [Theory]
    [InlineData("delete from sessions where user_id = @user")]
    [InlineData("delete from memberships where user_id = @user")]
    public async Task Who_was_signed_out_meanwhile_asks_nothing_in_their_own_name(string meanwhile)
    {
        var (_, user, client) = await AdminAsync();
        await OwnerAsync(meanwhile, new { user });
        using var export = await client.PostAsJsonAsync("/api/v1/identity/privacy/exports", new { });
        Assert.Equal(HttpStatusCode.Forbidden, export.StatusCode);
        using var erasure = await client.PostAsJsonAsync("/api/v1/identity/privacy/erasures", new { confirm = $"{user:n}@people.example" });
        Assert.Equal(HttpStatusCode.Forbidden, erasure.StatusCode);
        using var left = await client.DeleteAsync(new Uri($"/api/v1/identity/members/{PublicId.Format("usr", user)}", UriKind.Relative));
        Assert.Contains(left.StatusCode, (HttpStatusCode[])[HttpStatusCode.Forbidden, HttpStatusCode.NotFound]);
    }

    [Theory]
    [InlineData("update users set role = 'user' where id = @user", false)]
    [InlineData("update users set role = 'user' where id = @user", true)]
    [InlineData("delete from memberships where user_id = @user", false)]
    [InlineData("delete from sessions where user_id = @user", false)]
    [InlineData("update api_keys set revoked_at = now() where created_by = @actor", true)]
    public async Task Who_no_longer_runs_the_installation_does_nothing_for_it(string meanwhile, bool byKey)
    {
        var (user, token) = (await app.UserAsync(), SessionToken.Generate());
        await OwnerAsync(
            """
            update users set role = 'admin' where id = @user;
            insert into memberships (tenant_id, user_id, role, created_at) values (@Value, @user, 'owner', now());
            insert into sessions (id, tenant_id, user_id, token_hash, created_at, last_seen_at, expires_at) values (gen_random_uuid(), @Value, @user, @hash, now(), now(), now() + interval '12 hours')
            """, new { app.OperatorTenant.Value, user, hash = SessionToken.Hash(token) });
        var actor = byKey ? $"key:{await KeyOfAsync(app.OperatorTenant, "owner", $"user:{user:N}"):N}" : $"user:{user:N}";
        var client = app.SignedAs(new(app.OperatorTenant, actor, "owner", Operator: true));
        if (!byKey) client.DefaultRequestHeaders.Add("Cookie", $"__Host-empire-session={token}");
        var (account, person) = (await app.AccountAsync(), PublicId.Format("usr", await app.UserAsync()));
        var invite = (await MadeAsync(client, "/admin/generate-invite", new { })).Text("id");
        await OwnerAsync(meanwhile, new { user, actor = $"user:{user:N}" });
        foreach (var (method, path, body) in new (string, string, object?)[]
        {
            ("POST", "/admin/generate-invite", new { }), ("DELETE", $"/api/v1/identity/invites/{invite}", null), ("POST", "/admin/toggle-private", new { private_mode = false }),
            ("PATCH", $"/admin/tenants/{account}", new { tier = "enterprise" }), ("POST", "/api/v1/tenants", new { name = "late" }), ("PATCH", $"/admin/users/{person}", new { role = "admin" }),
        })
        {
            using var late = await SentAsync(client, method, path, body);
            Assert.True((late.StatusCode, await late.CodeAsync()) == (HttpStatusCode.Forbidden, "FORBIDDEN"), $"{method} {path}: {late.StatusCode}");
        }
        await OwnerAsync("update users set role = 'user' where id = @user", new { user });
    }

    [Theory]
    [InlineData("delete from sessions where user_id = @user", HttpStatusCode.Forbidden)]
    [InlineData("update sessions set last_seen_at = last_seen_at where user_id = @user", HttpStatusCode.Created)]
    public async Task A_token_that_ran_out_while_the_body_came_is_worth_what_its_session_is(string meanwhile, HttpStatusCode outcome)
    {
        var (tenant, user, _) = await AdminAsync();
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        var session = await owner.QuerySingleAsync<Guid>("select id from sessions where user_id = @user", new { user });
        var client = app.Of(tenant, "admin", actor: $"user:{user:N}");
        client.DefaultRequestHeaders.Authorization = new("Bearer", app.Services.GetRequiredService<AccessTokens>().Issue(session, user, tenant).Token);
        app.Clock.Advance(AccessTokens.Lifetime);
        await OwnerAsync(meanwhile, new { user });
        using var late = await client.PostAsJsonAsync(Keys, new { name = "late" });
        Assert.Equal(outcome, late.StatusCode);
    }

    [Fact]
    public async Task A_token_that_is_none_of_ours_is_no_way_in()
    {
        var (tenant, user, _) = await AdminAsync();
        var client = app.Of(tenant, "admin", actor: $"user:{user:N}");
        client.DefaultRequestHeaders.Authorization = new("Bearer", "eyJhbGciOiJub25lIn0.e30.");
        using var refused = await client.PostAsJsonAsync(Keys, new { name = "late" });
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task Who_removes_somebody_while_they_are_being_removed_waits_and_is_refused()
    {
        var (tenant, user, client) = await AdminAsync();
        var guest = await app.UserAsync();
        await OwnerAsync("insert into memberships (tenant_id, user_id, role, created_at) values (@Value, @guest, 'member', now())", new { tenant.Value, guest });
        await using var removal = await app.TestDatabase.OpenAsOwnerAsync();
        await using var transaction = await removal.BeginTransactionAsync();
        await removal.ExecuteAsync("delete from memberships where user_id = @user", new { user }, transaction);
        var late = client.DeleteAsync(new Uri($"/api/v1/identity/members/{PublicId.Format("usr", guest)}", UriKind.Relative));
        await WaiterAsync(late);
        await transaction.CommitAsync();
        using var answer = await late;
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(1, await removal.QuerySingleAsync<int>("select count(*)::int from memberships where user_id = @guest", new { guest }));
    }

    [Fact]
    public async Task Who_makes_a_key_while_they_are_being_removed_waits_and_is_refused()
    {
        var (tenant, user, client) = await AdminAsync();
        await using var removal = await app.TestDatabase.OpenAsOwnerAsync();
        await using var transaction = await removal.BeginTransactionAsync();
        await removal.ExecuteAsync("delete from memberships where user_id = @user", new { user }, transaction);
        var late = client.PostAsJsonAsync(Keys, new { name = "late" });
        await WaiterAsync(late);
        await transaction.CommitAsync();
        using var answer = await late;
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        await using var work = await app.Database.BeginAsync(tenant, default);
        Assert.Empty(await work.QueryAsync<Guid>("select id from api_keys where tenant_id = @tenant", new { tenant }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_removal_that_comes_while_a_key_is_made_ends_that_key_too(bool byKey)
    {
        var (tenant, user, _) = await AdminAsync();
        var caller = new Caller(tenant, byKey ? $"key:{await KeyOfAsync(tenant, "admin", $"user:{user:N}"):N}" : $"user:{user:N}", "admin");
        await using var making = await app.Database.BeginAsync(tenant, default);
        Assert.Null(await app.Services.GetRequiredService<StillManages>().CheckAsync(making, caller, new DefaultHttpContext(), default));
        var removal = app.Of(tenant).DeleteAsync(new Uri($"/api/v1/identity/members/{PublicId.Format("usr", user)}", UriKind.Relative));
        await WaiterAsync(removal);
        var key = await ApiKeyTable.IssueAsync(making, Guid.CreateVersion7(), "just in time", "admin", [], null, $"user:{user:N}", app.Clock.GetUtcNow(), default);
        await making.CommitAsync(default);
        using (var removed = await removal) Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Null(await app.AuthenticateAsync(key));
    }

    private static async Task<HttpResponseMessage> SentAsync(HttpClient client, string method, string path, object? body)
    {
        using var request = new HttpRequestMessage(new(method), path) { Content = body is null ? null : JsonContent.Create(body) };
        return await client.SendAsync(request);
    }

    private static async Task<System.Text.Json.JsonElement> MadeAsync(HttpClient client, string path, object body)
    {
        using var made = await client.PostAsJsonAsync(path, body);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        return await made.JsonAsync();
    }

    /// <summary>An admin of a new account that has an owner, signed in by a cookie.</summary>
    private async Task<(TenantId Tenant, Guid User, HttpClient Client)> AdminAsync()
    {
        var (tenant, user, boss, token) = (await app.AccountAsync(), await app.UserAsync(), await app.UserAsync(), SessionToken.Generate());
        await OwnerAsync(
            """
            insert into memberships (tenant_id, user_id, role, created_at) values (@Value, @boss, 'owner', now()), (@Value, @user, 'admin', now());
            insert into sessions (id, tenant_id, user_id, token_hash, created_at, last_seen_at, expires_at) values (gen_random_uuid(), @Value, @user, @hash, now(), now(), now() + interval '12 hours')
            """, new { tenant.Value, user, boss, hash = SessionToken.Hash(token) });
        var client = app.Of(tenant, "admin", actor: $"user:{user:N}");
        client.DefaultRequestHeaders.Add("Cookie", $"__Host-empire-session={token}");
        return (tenant, user, client);
    }

    private async Task<Guid> KeyOfAsync(TenantId tenant, string role, string maker = ApiKeyTable.Setup)
    {
        var id = Guid.CreateVersion7();
        await using var work = await app.Database.BeginAsync(tenant, default);
        await ApiKeyTable.IssueAsync(work, id, "test", role, [], null, maker, app.Clock.GetUtcNow(), default);
        await work.CommitAsync(default);
        return id;
    }

    private async Task OwnerAsync(string sql, object parameters)
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync(sql, parameters);
    }

    /// <summary>Until the request waits for what the test holds; one that has been answered did not wait.</summary>
    private async Task WaiterAsync(Task request)
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await Eventually.TrueAsync(async () =>
            request.IsCompleted || await owner.QuerySingleAsync<bool>("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"));
        Assert.False(request.IsCompleted, "It did not wait.");
    }
}
