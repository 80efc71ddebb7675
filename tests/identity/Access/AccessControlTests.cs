using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Empire.Identity.Access;
using Empire.Identity.Sessions;
using Grpc.Core;

namespace Empire.Identity.Tests.Access;

public sealed class AccessControlTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    [Fact]
    public async Task A_white_list_reaches_the_gateway_with_the_next_authentication()
    {
        var tenant = await app.AccountAsync();
        var key = await app.KeyAsync(tenant);
        Assert.Empty((await app.AuthenticateAsync(key))!.AllowedNetworks);
        var inside = app.Of(tenant, address: "10.1.2.3");
        var made = await CreatedAsync(inside, new { control_type = "ip_whitelist", control_value = "10.0.0.0/8, 2001:db8::/32" });
        Assert.Equal("10.0.0.0/8,2001:db8::/32", made.Text("control_value"));
        Assert.Equal(["10.0.0.0/8", "2001:db8::/32"], (await app.AuthenticateAsync(key))!.AllowedNetworks);
        using var off = await inside.PatchAsJsonAsync($"/admin/access-controls/{made.Text("id")}", new { is_active = false });
        Assert.Equal(HttpStatusCode.OK, off.StatusCode);
        Assert.Empty((await app.AuthenticateAsync(key))!.AllowedNetworks);
    }

    [Fact]
    public async Task A_session_s_time_is_the_shortest_that_anyone_set_for_it()
    {
        var tenant = await app.AccountAsync();
        await CreatedAsync(app.Of(tenant), new { control_type = "session_timeout", control_value = "600" });
        await CreatedAsync(app.Of(tenant), new { control_type = "session_timeout", control_value = "60" });
        await using var work = await app.Database.BeginSystemAsync(default);
        Assert.Equal(TimeSpan.FromSeconds(60), (await AccessControlTable.OfAsync(work, tenant, Guid.CreateVersion7(), "owner", default)).SessionTimeout);
        Assert.Null((await AccessControlTable.OfAsync(work, app.OperatorTenant, null, "owner", default)).SessionTimeout);
    }

    [Fact]
    public async Task A_session_of_sixty_seconds_is_over_after_sixty_seconds()
    {
        var (tenant, user, token) = (await app.AccountAsync(), await app.UserAsync(), SessionToken.Generate());
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync(
            """
            insert into memberships (tenant_id, user_id, role, created_at) values (@Value, @user, 'member', now());
            insert into sessions (id, tenant_id, user_id, token_hash, created_at, last_seen_at, expires_at) values (gen_random_uuid(), @Value, @user, @hash, @now, @now, @now + interval '12 hours')
            """, new { tenant.Value, user, hash = SessionToken.Hash(token), now = app.Clock.GetUtcNow().UtcDateTime });
        await CreatedAsync(app.Of(tenant, address: "10.1.2.3"), new { control_type = "session_timeout", control_value = "60" });
        await CreatedAsync(app.Of(tenant, address: "10.1.2.3"), new { control_type = "ip_whitelist", control_value = "10.0.0.0/8" });
        app.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("10.0.0.0/8", Assert.Single((await app.Grpc().AuthenticateAsync(new() { Session = token })).AllowedNetworks));
        app.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(async () => await app.Grpc().AuthenticateAsync(new() { Session = token }))).StatusCode);
    }

    [Theory]
    [InlineData("foo", "1", "control_type")]
    [InlineData("ip_whitelist", "10.0.0.0/33", "control_value")]
    [InlineData("ip_whitelist", "10.0.0.1/8", "control_value")]
    [InlineData("ip_whitelist", "10.1", "control_value")]
    [InlineData("ip_whitelist", "10", "control_value")]
    [InlineData("ip_whitelist", "::ffff:10.0.0.0/104", "control_value")]
    [InlineData("ip_whitelist", "fe80::1%eth0", "control_value")]
    [InlineData("ip_whitelist", "everywhere", "control_value")]
    [InlineData("ip_whitelist", ",", "control_value")]
    [InlineData("session_timeout", "5", "control_value")]
    [InlineData("session_timeout", "-60", "control_value")]
    [InlineData("session_timeout", "an hour", "control_value")]
    public async Task A_wrong_type_or_value_is_named(string type, string value, string field)
    {
        using var answer = await app.Of(await app.AccountAsync()).PostAsJsonAsync("/admin/access-controls", new { control_type = type, control_value = value });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((await answer.JsonAsync()).GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task A_white_list_that_would_lock_its_maker_out_needs_force()
    {
        var tenant = await app.AccountAsync();
        var list = new { control_type = "ip_whitelist", control_value = "10.0.0.0/8" };
        foreach (var client in (HttpClient[])[app.Of(tenant, address: "203.0.113.9"), app.Of(tenant)]) // elsewhere, or nobody knows where
        {
            using var refused = await client.PostAsJsonAsync("/admin/access-controls", list);
            Assert.Equal((HttpStatusCode.Conflict, "WOULD_LOCK_YOU_OUT"), (refused.StatusCode, await refused.CodeAsync()));
        }
        var key = await app.KeyAsync(tenant);
        Assert.Empty((await app.AuthenticateAsync(key))!.AllowedNetworks);
        await CreatedAsync(app.Of(tenant, address: "203.0.113.9"), new { control_type = "ip_whitelist", control_value = "10.0.0.0/8", force = true });
        Assert.Single((await app.AuthenticateAsync(key))!.AllowedNetworks);
    }

    [Fact]
    public async Task Taking_away_the_list_that_let_one_in_is_noticed_too()
    {
        var tenant = await app.AccountAsync();
        var me = app.Of(tenant, address: "2001:db8::7");
        var mine = await CreatedAsync(me, new { control_type = "ip_whitelist", control_value = "2001:db8::/32" });
        await CreatedAsync(me, new { control_type = "ip_whitelist", control_value = "10.0.0.0/8" });
        using var refused = await me.DeleteAsync(new Uri($"/admin/access-controls/{mine.Text("id")}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        using var narrowed = await me.PatchAsJsonAsync($"/admin/access-controls/{mine.Text("id")}", new { control_value = "2001:db9::/32" });
        Assert.Equal(HttpStatusCode.Conflict, narrowed.StatusCode);
        using var forced = await me.DeleteAsync(new Uri($"/admin/access-controls/{mine.Text("id")}?force=true", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, forced.StatusCode);
    }

    [Fact]
    public async Task An_admin_makes_changes_and_removes_no_rule_for_an_owner_and_forces_nobody_out()
    {
        var (tenant, boss, member) = (await app.AccountAsync(), await app.UserAsync(), await app.UserAsync());
        await using (var database = await app.TestDatabase.OpenAsOwnerAsync())
            await database.ExecuteAsync("insert into memberships (tenant_id, user_id, role, created_at) values (@Value, @boss, 'owner', now()), (@Value, @member, 'member', now())", new { tenant.Value, boss, member });
        var (owner, admin) = (app.Of(tenant, address: "10.1.2.3"), app.Of(tenant, "admin", address: "10.1.2.4"));
        object ForPerson(Guid user) => new { control_type = "ip_whitelist", control_value = "192.0.2.0/24", user_id = PublicId.Format("usr", user) };

        Assert.Equal(HttpStatusCode.Forbidden, (await admin.PostAsJsonAsync("/admin/access-controls", ForPerson(boss))).StatusCode);
        await CreatedAsync(admin, ForPerson(member));
        var theirs = (await CreatedAsync(owner, ForPerson(boss))).Text("id");
        Assert.Equal(HttpStatusCode.Forbidden, (await admin.PatchAsJsonAsync($"/admin/access-controls/{theirs}", new { control_value = "198.51.100.0/24" })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await admin.DeleteAsync(new Uri($"/admin/access-controls/{theirs}", UriKind.Relative))).StatusCode);

        using (var forced = await admin.PostAsJsonAsync("/admin/access-controls", new { control_type = "ip_whitelist", control_value = "192.0.2.0/24", force = true }))
            Assert.Equal((HttpStatusCode.Forbidden, "FORBIDDEN"), (forced.StatusCode, await forced.CodeAsync()));
        var everyone = (await CreatedAsync(admin, new { control_type = "ip_whitelist", control_value = "10.0.0.0/8" })).Text("id");
        Assert.Equal(HttpStatusCode.Forbidden, (await admin.PatchAsJsonAsync($"/admin/access-controls/{everyone}", new { control_value = "192.0.2.0/24", force = true })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await owner.PatchAsJsonAsync($"/admin/access-controls/{everyone}", new { control_value = "192.0.2.0/24", force = true })).StatusCode);
    }

    [Fact]
    public async Task A_white_list_that_an_admin_sets_shuts_out_no_owner_and_an_owner_s_is_theirs_alone_to_change()
    {
        var (tenant, boss, token) = (await app.AccountAsync(), await app.UserAsync(), SessionToken.Generate());
        await using (var database = await app.TestDatabase.OpenAsOwnerAsync())
            await database.ExecuteAsync(
                """
                insert into memberships (tenant_id, user_id, role, created_at) values (@Value, @boss, 'owner', now());
                insert into sessions (id, tenant_id, user_id, token_hash, created_at, last_seen_at, expires_at) values (gen_random_uuid(), @Value, @boss, @hash, @now, @now, @now + interval '12 hours')
                """, new { tenant.Value, boss, hash = SessionToken.Hash(token), now = app.Clock.GetUtcNow().UtcDateTime });
        var (owners, members) = (await app.KeyAsync(tenant), await app.KeyAsync(tenant, "member"));
        var (owner, admin) = (app.Of(tenant, address: "10.1.2.3"), app.Of(tenant, "admin", address: "192.0.2.4"));
        var made = await CreatedAsync(admin, new { control_type = "ip_whitelist", control_value = "192.0.2.0/24" });
        var path = $"/admin/access-controls/{made.Text("id")}";
        Assert.False(made.GetProperty("holds_for_owners").GetBoolean());
        Assert.Equal(["192.0.2.0/24"], (await app.AuthenticateAsync(members))!.AllowedNetworks);
        Assert.Empty((await app.AuthenticateAsync(owners))!.AllowedNetworks);
        Assert.Empty((await app.Grpc().AuthenticateAsync(new() { Session = token })).AllowedNetworks);

        using (var mine = await owner.PatchAsJsonAsync(path, new { control_value = "192.0.2.0/24, 10.0.0.0/8" })) Assert.True((await mine.JsonAsync()).GetProperty("holds_for_owners").GetBoolean());
        Assert.Equal(2, (await app.AuthenticateAsync(owners))!.AllowedNetworks.Count);
        Assert.Equal(2, (await app.Grpc().AuthenticateAsync(new() { Session = token })).AllowedNetworks.Count);
        Assert.Equal(HttpStatusCode.Forbidden, (await admin.PatchAsJsonAsync(path, new { control_value = "192.0.2.0/24" })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await admin.DeleteAsync(new Uri(path, UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync(new Uri(path, UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Controls_are_their_account_s_and_for_its_owners_and_admins()
    {
        var tenant = await app.AccountAsync();
        var made = await CreatedAsync(app.Of(tenant), new { control_type = "session_timeout", control_value = "60" });
        var other = app.Of(await app.AccountAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await other.DeleteAsync(new Uri($"/api/v1/identity/access-controls/{made.Text("id")}", UriKind.Relative))).StatusCode);
        Assert.Equal(0, (await other.GetFromJsonAsync<JsonElement>("/api/v1/identity/access-controls")).GetProperty("data").GetArrayLength());
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Of(tenant, "member").GetAsync(new Uri("/admin/access-controls", UriKind.Relative))).StatusCode);
        using var stranger = await app.Of(tenant).PostAsJsonAsync("/admin/access-controls",
            new { control_type = "session_timeout", control_value = "60", user_id = $"usr_{await app.UserAsync():N}" });
        Assert.Equal(HttpStatusCode.BadRequest, stranger.StatusCode);
    }

    private static async Task<JsonElement> CreatedAsync(HttpClient client, object request)
    {
        using var answer = await client.PostAsJsonAsync("/api/v1/identity/access-controls", request);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await answer.JsonAsync();
    }
}
