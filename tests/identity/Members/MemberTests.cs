using System.Net;
using System.Net.Http.Json;
using Dapper;
using Empire.Http;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Empire.Identity.Tests.Members;

public sealed class MemberTests(PeopleApp app) : IClassFixture<PeopleApp>
{
    [Fact]
    public async Task Owners_and_admins_change_roles_and_a_member_or_a_stranger_does_not()
    {
        var owner = await app.BrowserAsync(await app.RegisteredAsync());
        var (admin, adminId) = await JoinAsync(owner, "admin");
        var (member, memberId) = await JoinAsync(owner, "member");
        var stranger = await app.BrowserAsync(await app.RegisteredAsync());
        var ownerId = (await owner.ReadAsync("/api/auth/profile")).GetProperty("id").GetString()!;

        Assert.Equal(HttpStatusCode.Forbidden, await RoleAsync(member, memberId, "admin"));
        Assert.Equal(HttpStatusCode.NotFound, await RoleAsync(stranger, memberId, "viewer"));
        Assert.Equal(HttpStatusCode.Forbidden, await RoleAsync(admin, adminId, "owner"));
        Assert.Equal(HttpStatusCode.Forbidden, await RoleAsync(admin, ownerId, "member"));
        Assert.Equal(HttpStatusCode.OK, await RoleAsync(admin, memberId, "viewer"));
        Assert.False(await member.IsInAsync()); // signs in anew with the new role
        Assert.Equal(HttpStatusCode.BadRequest, await RoleAsync(owner, memberId, "king"));
        var list = (await owner.ReadAsync("/api/v1/identity/members")).GetProperty("data").EnumerateArray().ToDictionary(m => m.GetProperty("id").GetString()!, m => m.GetProperty("role").GetString());
        Assert.Equal(("owner", "admin", "viewer"), (list[ownerId], list[adminId], list[memberId]));
    }

    [Fact]
    public async Task The_last_owner_neither_steps_down_nor_leaves_also_when_two_try_at_once()
    {
        var first = await app.BrowserAsync(await app.RegisteredAsync());
        var firstId = (await first.ReadAsync("/api/auth/profile")).GetProperty("id").GetString()!;
        Assert.Equal(HttpStatusCode.Conflict, await RoleAsync(first, firstId, "admin"));
        using (var leave = await first.SendAsync(HttpMethod.Delete, $"/api/v1/identity/members/{firstId}")) Assert.Equal((HttpStatusCode.Conflict, "LAST_OWNER"), (leave.StatusCode, await leave.CodeAsync()));
        for (var round = 0; round < 5; round++)
        {
            var (second, secondId) = await JoinAsync(first, "owner");
            var answers = await Task.WhenAll(RoleAsync(first, secondId, "member"), RoleAsync(second, firstId, "member"));
            await using var database = await app.OpenAsync();
            var owners = await database.QueryAsync<Guid>("select user_id from memberships where role = 'owner' and tenant_id = (select tenant_id from memberships where user_id = @id order by created_at limit 1)",
                new { id = PublicId.Parse("usr", firstId) });
            Assert.NotEmpty(owners);
            if (answers[0] == HttpStatusCode.OK) continue;
            break; // the first owner is one no longer: the account is the second's now
        }
    }

    [Fact]
    public async Task Who_is_removed_is_out_at_once_with_the_keys_they_made()
    {
        var owner = await app.BrowserAsync(await app.RegisteredAsync());
        var (admin, adminId) = await JoinAsync(owner, "admin");
        using var made = await admin.PostAsync("/api/v1/identity/keys", new { name = "mine", role = "admin" });
        var key = (await made.JsonAsync()).GetProperty("api_key").GetString()!;
        Assert.NotNull(await app.AuthenticateAsync(new() { ApiKey = key }));
        using (var removed = await owner.SendAsync(HttpMethod.Delete, $"/api/v1/identity/members/{adminId}")) Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.False(await admin.IsInAsync());
        Assert.Null(await app.AuthenticateAsync(new() { ApiKey = key }));
    }

    [Fact]
    public async Task Gateways_hear_at_once_that_a_member_s_keys_changed_or_ended()
    {
        var owner = await app.BrowserAsync(await app.RegisteredAsync());
        var (_, id) = await JoinAsync(owner, "admin");
        var account = PublicId.Parse("ten", (await owner.ReadAsync("/api/v1/identity/me")).GetProperty("tenant").GetString()!);
        using var heard = await HeardRevocations.StartAsync();
        using (var lowered = await owner.SendAsync(HttpMethod.Patch, $"/api/v1/identity/members/{id}", new { role = "viewer" })) Assert.Equal(HttpStatusCode.OK, lowered.StatusCode);
        await Eventually.EqualAsync(1, () => Task.FromResult(heard.Times($"tenant:{account}")));
        using (var removed = await owner.SendAsync(HttpMethod.Delete, $"/api/v1/identity/members/{id}")) Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await Eventually.EqualAsync(2, () => Task.FromResult(heard.Times($"tenant:{account}")));
    }

    [Fact]
    public async Task Only_an_admin_of_the_installation_sees_its_users_and_promotes_them_and_the_last_one_stays()
    {
        var email = await app.RegisteredAsync();
        var user = await app.BrowserAsync(email);
        using (var refused = await user.SendAsync(HttpMethod.Get, "/admin/users")) Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        var owner = await app.BrowserAsync(PeopleApp.OwnerEmail, PeopleApp.OwnerPassword);
        var users = (await owner.ReadAsync("/admin/users?limit=100")).GetProperty("data").EnumerateArray().ToList();
        var id = users.Single(u => u.GetProperty("email").GetString() == email).GetProperty("id").GetString()!;
        var ownerId = users.Single(u => u.GetProperty("email").GetString() == PeopleApp.OwnerEmail).GetProperty("id").GetString()!;

        Assert.Equal(HttpStatusCode.Conflict, await AdminAsync(owner, ownerId, "user"));
        Assert.Equal(HttpStatusCode.Forbidden, await AdminAsync(user, id, "admin"));
        Assert.Equal(HttpStatusCode.OK, await AdminAsync(owner, id, "admin"));
        Assert.False(await user.IsInAsync());
        var admin = await app.BrowserAsync(email);
        Assert.Contains("\"admin\"", (await admin.ReadAsync("/admin/users")).GetRawText(), StringComparison.Ordinal);

        // Each takes the other's place away at the same moment: one admin must be left.
        await Task.WhenAll(AdminAsync(owner, id, "user"), AdminAsync(admin, ownerId, "user"));
        await using var database = await app.OpenAsync();
        Assert.Equal(1, await database.QuerySingleAsync<int>("select count(*)::int from users where role = 'admin'"));
        await database.ExecuteAsync("update users set role = case when email = @OwnerEmail then 'admin' else 'user' end", new { PeopleApp.OwnerEmail });
    }

    [Fact]
    public async Task The_last_admin_of_the_installation_is_not_taken_out_of_their_last_account()
    {
        var owner = await app.BrowserAsync(PeopleApp.OwnerEmail, PeopleApp.OwnerPassword);
        var ownerId = (await owner.ReadAsync("/api/auth/profile")).GetProperty("id").GetString()!;
        var (second, secondId) = await JoinAsync(owner, "owner");   // the account would have an owner left
        foreach (var browser in (Browser[])[second, owner])
        {
            using var removed = await browser.SendAsync(HttpMethod.Delete, $"/api/v1/identity/members/{ownerId}");
            Assert.Equal((HttpStatusCode.Conflict, "LAST_ADMIN"), (removed.StatusCode, await removed.CodeAsync()));
        }
        Assert.Equal(HttpStatusCode.OK, await AdminAsync(owner, secondId, "admin"));
        using var other = await owner.SendAsync(HttpMethod.Delete, $"/api/v1/identity/members/{secondId}");
        Assert.Equal(HttpStatusCode.NoContent, other.StatusCode);   // an admin, but not the last
        Assert.Equal(HttpStatusCode.OK, await AdminAsync(owner, secondId, "user"));   // as it was, for other tests
    }

    [Fact]
    public async Task A_key_that_a_key_made_ends_with_the_person_behind_them_both()
    {
        var owner = await app.BrowserAsync(await app.RegisteredAsync());
        var (admin, adminId) = await JoinAsync(owner, "admin");
        using var made = await admin.PostAsync("/api/v1/identity/keys", new { name = "first", role = "admin" });
        var by = await app.AuthenticateAsync(new() { ApiKey = (await made.JsonAsync()).GetProperty("api_key").GetString()! });
        using var program = app.CreateClient();
        program.DefaultRequestHeaders.Add(CallerToken.Header, app.Services.GetRequiredService<CallerToken>().Sign(new(new(Guid.Parse(by!.TenantId)), by.Actor, by.Role, false, by.Tier)));
        using var second = await program.PostAsJsonAsync("/api/v1/identity/keys", new { name = "second", role = "admin" });
        var key = (await second.JsonAsync()).GetProperty("api_key").GetString()!;
        Assert.Equal(HttpStatusCode.OK, await RoleAsync(owner, adminId, "viewer"));
        Assert.Equal("viewer", (await app.AuthenticateAsync(new() { ApiKey = key }))!.Role);
        using (var removed = await owner.SendAsync(HttpMethod.Delete, $"/api/v1/identity/members/{adminId}")) Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Null(await app.AuthenticateAsync(new() { ApiKey = key }));
    }

    private async Task<(Browser Browser, string Id)> JoinAsync(Browser host, string role)
    {
        var email = await app.ConfirmedAsync();
        using var added = await host.PostAsync("/api/v1/identity/members", new { email, role });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var browser = await app.BrowserAsync(email);
        (await browser.PostAsync("/api/auth/switch", new { tenant = new TenantId(Guid.Parse((await host.WhoAsync())!.TenantId)).ToString() })).Dispose();
        return (browser, (await added.JsonAsync()).GetProperty("id").GetString()!);
    }

    private static async Task<HttpStatusCode> RoleAsync(Browser browser, string id, string role)
    {
        using var response = await browser.SendAsync(HttpMethod.Patch, $"/api/v1/identity/members/{id}", new { role });
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> AdminAsync(Browser browser, string id, string role)
    {
        using var response = await browser.SendAsync(HttpMethod.Patch, $"/admin/users/{id}", new { role });
        return response.StatusCode;
    }
}
