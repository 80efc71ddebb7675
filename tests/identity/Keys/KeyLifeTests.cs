using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Empire.Identity.Keys;
using Empire.Testing;
using Grpc.Core;

namespace Empire.Identity.Tests.Keys;

public sealed class KeyLifeTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    [Fact]
    public async Task A_key_that_exists_already_is_made_anew()
    {
        var tenant = await app.AccountAsync();
        var taken = await app.KeyAsync(tenant);
        var (free, asked) = (ApiKey.Generate(), 0);
        await using var work = await app.Database.BeginAsync(tenant, default);
        var made = await ApiKeyTable.IssueAsync(work, Guid.CreateVersion7(), "collides", "member", [], null, "test", app.Clock.GetUtcNow(), default, () => asked++ < 2 ? taken : free);
        Assert.Equal((free, 3), (made, asked));
    }

    [Fact]
    public async Task A_key_s_scopes_reach_the_gateway()
    {
        var owner = app.Of(await app.AccountAsync());
        var made = await PostAsync(owner, "", new { name = "reader", scopes = new[] { "content:read", "analytics:read", "content:read" } });
        Assert.Equal(["analytics:read", "content:read"], (await app.AuthenticateAsync(made.Text("api_key")))!.Scopes);
        Assert.Empty((await app.AuthenticateAsync((await PostAsync(owner, "", new { name = "all" })).Text("api_key")))!.Scopes);
    }

    [Theory]
    [InlineData("""{"name":"x","scopes":["content"]}""", "scopes")]
    [InlineData("""{"name":"x","scopes":["content:delete"]}""", "scopes")]
    [InlineData("""{"name":"x","scopes":["Content:read"]}""", "scopes")]
    [InlineData("""{"name":"x","expires_at":"2026-01-01T00:00:00Z"}""", "expires_at")]
    public async Task A_wrong_field_is_named(string body, string field)
    {
        using var answer = await app.Of(await app.AccountAsync()).PostAsJsonAsync("/api/v1/identity/keys", JsonDocument.Parse(body).RootElement);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((await answer.JsonAsync()).GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task A_key_ends_at_its_time_and_no_gateway_keeps_it_longer()
    {
        var made = await PostAsync(app.Of(await app.AccountAsync()), "", new { name = "short", expires_at = app.Clock.GetUtcNow().AddSeconds(14) });
        Assert.Equal(10, (await app.AuthenticateAsync(made.Text("api_key")))!.CacheSeconds);
        app.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(5, (await app.AuthenticateAsync(made.Text("api_key")))!.CacheSeconds);
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(await app.AuthenticateAsync(made.Text("api_key")));
    }

    [Fact]
    public async Task A_rotated_key_works_for_its_grace_beside_the_new_one()
    {
        var owner = app.Of(await app.AccountAsync());
        var old = await PostAsync(owner, "", new { name = "rotates", role = "viewer", scopes = new[] { "content:read" } });
        var next = await PostAsync(owner, $"/{old.Text("id")}/rotate", new { });
        Assert.Equal(app.Clock.GetUtcNow().AddHours(24), next.GetProperty("previous_expires_at").GetDateTimeOffset());
        var reply = await app.AuthenticateAsync(next.Text("api_key"));
        Assert.Equal(("viewer", "content:read"), (reply!.Role, Assert.Single(reply.Scopes)));
        Assert.NotNull(await app.AuthenticateAsync(old.Text("api_key")));
        using var again = await owner.PostAsJsonAsync($"/api/v1/identity/keys/{old.Text("id")}/rotate", new { });
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        app.Clock.Advance(TimeSpan.FromHours(24));
        Assert.Null(await app.AuthenticateAsync(old.Text("api_key")));
        Assert.NotNull(await app.AuthenticateAsync(next.Text("api_key")));
    }

    [Fact]
    public async Task A_rotation_without_grace_ends_the_old_key_at_once()
    {
        var owner = app.Of(await app.AccountAsync());
        var old = await PostAsync(owner, "", new { name = "leaked" });
        await PostAsync(owner, $"/{old.Text("id")}/rotate", new { grace_hours = 0 });
        Assert.Null(await app.AuthenticateAsync(old.Text("api_key")));
    }

    [Fact]
    public async Task A_key_is_renamed_and_what_happened_to_it_is_in_the_audit_log()
    {
        var owner = app.Of(await app.AccountAsync(), address: "203.0.113.9");
        var id = (await PostAsync(owner, "", new { name = "before" })).Text("id");
        Assert.Equal(HttpStatusCode.NoContent, (await owner.PatchAsJsonAsync($"/api/v1/identity/keys/{id}", new { name = "after" })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync(new Uri($"/api/v1/identity/keys/{id}", UriKind.Relative))).StatusCode);
        var log = (await owner.GetFromJsonAsync<JsonElement>($"/api/v1/identity/audit?entity={id}")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(["key.revoked", "key.renamed", "key.made"], log.Select(entry => entry.Text("action")));
        Assert.All(log, entry => Assert.Equal(("user:owner", "203.0.113.9"), (entry.Text("actor"), entry.Text("address"))));
        Assert.Contains("\"name\":\"after\"", await owner.GetStringAsync("/api/v1/identity/keys"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gateways_hear_of_a_revoked_key_at_once()
    {
        var owner = app.Of(await app.AccountAsync());
        var made = await PostAsync(owner, "", new { name = "doomed" });
        using var heard = await HeardRevocations.StartAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync(new Uri($"/api/v1/identity/keys/{made.Text("id")}", UriKind.Relative))).StatusCode);
        Assert.Null(await app.AuthenticateAsync(made.Text("api_key")));
        var hash = Convert.ToHexStringLower(ApiKey.Hash(made.Text("api_key")));
        var actor = $"actor:key:{made.Text("id")["key_".Length..]}"; // for services, which never see a key
        await Eventually.TrueAsync(() => heard.Times(hash) > 0 && heard.Times(actor) > 0);
    }

    [Fact]
    public async Task A_key_of_another_account_does_not_exist()
    {
        var id = (await PostAsync(app.Of(await app.AccountAsync()), "", new { name = "mine" })).Text("id");
        var other = app.Of(await app.AccountAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await other.PatchAsJsonAsync($"/api/v1/identity/keys/{id}", new { name = "yours" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsJsonAsync($"/api/v1/identity/keys/{id}/rotate", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.DeleteAsync(new Uri($"/api/v1/identity/keys/{id}", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Neither_an_admin_nor_a_narrow_key_gets_more_by_making_or_rotating_keys()
    {
        var tenant = await app.AccountAsync();
        var ownersKey = await app.AuthenticateAsync(await app.KeyAsync(tenant, "owner"));
        var ownersId = $"key_{ownersKey!.Actor[4..]}";
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Of(tenant, "admin").PostAsJsonAsync($"/api/v1/identity/keys/{ownersId}/rotate", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Of(tenant, "admin").DeleteAsync(new Uri($"/api/v1/identity/keys/{ownersId}", UriKind.Relative))).StatusCode);
        var narrow = await PostAsync(app.Of(tenant), "", new { name = "narrow", role = "admin", scopes = new[] { "identity:write" } });
        var wide = await PostAsync(app.Of(tenant), "", new { name = "wide" });
        var asNarrow = app.Of(tenant, "admin", actor: (await app.AuthenticateAsync(narrow.Text("api_key")))!.Actor);
        Assert.Equal(HttpStatusCode.Forbidden, (await asNarrow.PostAsJsonAsync("/api/v1/identity/keys", new { name = "wider" })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await asNarrow.PostAsJsonAsync($"/api/v1/identity/keys/{wide.Text("id")}/rotate", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await asNarrow.PostAsJsonAsync("/api/v1/identity/keys", new { name = "same", scopes = new[] { "identity:write" } })).StatusCode);
    }

    [Fact]
    public async Task A_key_that_ends_makes_and_rotates_none_that_lasts_longer()
    {
        var tenant = await app.AccountAsync();
        var end = app.Clock.GetUtcNow().AddHours(1);
        var brief = await PostAsync(app.Of(tenant), "", new { name = "brief", role = "admin", expires_at = end });
        var lasting = await PostAsync(app.Of(tenant), "", new { name = "lasting", role = "admin" });
        var asBrief = app.Of(tenant, "admin", actor: (await app.AuthenticateAsync(brief.Text("api_key")))!.Actor);
        using (var longer = await asBrief.PostAsJsonAsync("/api/v1/identity/keys", new { name = "longer", expires_at = end.AddSeconds(1) }))
        {
            Assert.Equal(HttpStatusCode.BadRequest, longer.StatusCode);
            Assert.True((await longer.JsonAsync()).GetProperty("errors").TryGetProperty("expires_at", out _));
        }
        using (var rotated = await asBrief.PostAsJsonAsync($"/api/v1/identity/keys/{lasting.Text("id")}/rotate", new { })) Assert.Equal(HttpStatusCode.Forbidden, rotated.StatusCode);
        Assert.Equal(end, (await PostAsync(asBrief, "", new { name = "unsaid" })).GetProperty("expires_at").GetDateTimeOffset());
        var own = await PostAsync(asBrief, $"/{brief.Text("id")}/rotate", new { });   // its own successor ends when it would have
        app.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(await app.AuthenticateAsync(own.Text("api_key")));
    }

    [Fact]
    public async Task An_owner_key_of_the_operator_s_account_runs_the_installation_while_the_admin_who_made_it_is_one()
    {
        var (admin, partner) = (await OwnerAsync("admin"), await OwnerAsync("user"));
        var first = await app.KeyAsync(app.OperatorTenant);
        var id = (await app.AuthenticateAsync(first))!.Actor[4..];
        using (var refused = await partner.Client.PostAsJsonAsync($"/api/v1/identity/keys/key_{id}/rotate", new { })) Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        var made = await PostAsync(admin.Client, $"/key_{id}/rotate", new { grace_hours = 0 });
        var key = made.Text("api_key");
        Assert.Equal(("owner", true), ((await app.AuthenticateAsync(key))!.Role, (await app.AuthenticateAsync(key))!.Operator));
        var next = await PostAsync(app.SignedAs(new(app.OperatorTenant, (await app.AuthenticateAsync(key))!.Actor, "owner", Operator: true)), $"/{made.Text("id")}/rotate", new { grace_hours = 0 });
        key = next.Text("api_key");   // made by a key that they made
        Assert.True((await app.AuthenticateAsync(key))!.Operator);

        using var heard = await HeardRevocations.StartAsync();
        using (var lowered = await app.Operator().PatchAsJsonAsync($"/admin/users/{admin.Id}", new { role = "user" })) Assert.Equal(HttpStatusCode.OK, lowered.StatusCode);
        Assert.Equal(("owner", false), ((await app.AuthenticateAsync(key))!.Role, (await app.AuthenticateAsync(key))!.Operator));
        await Eventually.TrueAsync(() => heard.Times($"tenant:{app.OperatorTenant.Value}") > 0);
        using (var still = await partner.Client.PostAsJsonAsync($"/api/v1/identity/keys/{next.Text("id")}/rotate", new { })) Assert.Equal(HttpStatusCode.Forbidden, still.StatusCode);
    }

    [Fact]
    public async Task The_configured_key_may_be_rotated_by_itself_and_goes_on_running_the_installation()
    {
        var first = (await app.AuthenticateAsync(await app.KeyAsync(app.OperatorTenant)))!;
        var made = await PostAsync(app.SignedAs(new(app.OperatorTenant, first.Actor, first.Role, first.Operator)), $"/key_{first.Actor[4..]}/rotate", new { });
        Assert.True((await app.AuthenticateAsync(made.Text("api_key")))!.Operator);
    }

    /// <summary>Somebody new who owns the operator's account too.</summary>
    private async Task<(HttpClient Client, string Id)> OwnerAsync(string role)
    {
        var user = await app.UserAsync();
        await using var database = await app.TestDatabase.OpenAsOwnerAsync();
        await database.ExecuteAsync(
            "update users set role = @role where id = @user; insert into memberships (tenant_id, user_id, role, created_at) values (@Value, @user, 'owner', now())",
            new { user, role, app.OperatorTenant.Value });
        return (app.SignedAs(new(app.OperatorTenant, $"user:{user:N}", "owner", Operator: role == "admin", "enterprise")), PublicId.Format("usr", user));
    }

    [Fact]
    public async Task A_closed_account_s_key_is_told_so_and_not_that_it_is_wrong()
    {
        var tenant = await app.AccountAsync();
        var key = await app.KeyAsync(tenant);
        using (var closed = await app.Operator().PatchAsJsonAsync($"/admin/tenants/{tenant}", new { is_active = false })) Assert.Equal(HttpStatusCode.OK, closed.StatusCode);
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(() => app.AuthenticateAsync(key))).StatusCode);
        using (var opened = await app.Operator().PatchAsJsonAsync($"/admin/tenants/{tenant}", new { is_active = true })) Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        Assert.NotNull(await app.AuthenticateAsync(key));
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, object request)
    {
        using var answer = await client.PostAsJsonAsync($"/api/v1/identity/keys{path}", request);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await answer.JsonAsync();
    }
}
