using System.Net;
using System.Text.Json;
using Dapper;
using Empire.Http;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Identity.Tests.Members;

/// <summary>Who is added to an account belongs to it by their own word alone.</summary>
public sealed class PendingMemberTests(PeopleApp app) : IClassFixture<PeopleApp>
{
    private const string Members = "/api/v1/identity/members", Privacy = "/api/v1/identity/privacy";

    [Fact]
    public async Task A_stranger_who_adds_somebody_learns_no_more_than_they_typed_and_may_do_nothing_to_them()
    {
        var victim = await app.RegisteredAsync();
        await app.BrowserAsync(victim);   // has signed in
        var stranger = await app.BrowserAsync(await app.RegisteredAsync());
        using var added = await stranger.PostAsync(Members, new { email = victim, role = "owner" });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var answer = await added.JsonAsync();
        var listed = (await stranger.ReadAsync(Members)).GetProperty("data").EnumerateArray().Single(one => one.Text("email") == victim);
        foreach (var seen in (JsonElement[])[answer, listed])
        {
            Assert.Equal((victim, "owner", true), (seen.Text("email"), seen.Text("role"), seen.GetProperty("pending").GetBoolean()));
            Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (seen.GetProperty("name").ValueKind, seen.GetProperty("last_login").ValueKind));
        }
        var id = answer.Text("id");
        using (var export = await stranger.PostAsync($"{Privacy}/exports", new { user_id = id })) Assert.Equal(HttpStatusCode.NotFound, export.StatusCode);
        using (var erasure = await stranger.PostAsync($"{Privacy}/erasures", new { user_id = id, confirm = victim })) Assert.Equal(HttpStatusCode.NotFound, erasure.StatusCode);
        using (var rule = await stranger.PostAsync("/api/v1/identity/access-controls", new { control_type = "session_timeout", control_value = "900", user_id = id }))
            Assert.Equal(HttpStatusCode.BadRequest, rule.StatusCode);
        using (var other = await stranger.SendAsync(HttpMethod.Patch, $"{Members}/{id}", new { role = "viewer" })) Assert.Equal((HttpStatusCode.Conflict, "STILL_PENDING"), (other.StatusCode, await other.CodeAsync()));
        using (var twice = await stranger.PostAsync(Members, new { email = victim })) Assert.Equal((HttpStatusCode.Conflict, "ALREADY_MEMBER"), (twice.StatusCode, await twice.CodeAsync()));
        var told = Assert.Single(await app.HeardAsync("MemberAdded", victim));
        Assert.Contains("owner", told.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whom_a_stranger_made_an_owner_is_none_and_may_be_forgotten()
    {
        var victim = await app.RegisteredAsync();
        var email = await app.RegisteredAsync();
        var stranger = await app.BrowserAsync(email);
        var account = await TenantAsync(stranger);
        using (var added = await stranger.PostAsync(Members, new { email = victim, role = "owner" })) Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var self = (await stranger.ReadAsync("/api/auth/profile")).Text("id");
        using (var left = await stranger.SendAsync(HttpMethod.Delete, $"{Members}/{self}")) Assert.Equal((HttpStatusCode.Conflict, "LAST_OWNER"), (left.StatusCode, await left.CodeAsync()));
        Assert.Equal([email], await OwnersAsync(account));

        var second = await app.RegisteredAsync();   // the account's, and no owner
        using (var added = await stranger.PostAsync(Members, new { email = second })) Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var person = await app.BrowserAsync(victim);
        using var forgotten = await person.PostAsync($"{Privacy}/erasures", new { confirm = victim });
        Assert.Equal(HttpStatusCode.Accepted, forgotten.StatusCode);
        using var alone = await stranger.PostAsync($"{Privacy}/erasures", new { confirm = email });   // nobody else belongs to it
        Assert.Equal(HttpStatusCode.Accepted, alone.StatusCode);
    }

    [Fact]
    public async Task Who_switches_to_the_account_belongs_to_it_and_is_seen()
    {
        var email = await app.ConfirmedAsync();
        var host = await app.BrowserAsync(await app.RegisteredAsync());
        using (var added = await host.PostAsync(Members, new { email, role = "admin" })) Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var (guest, account) = (await app.BrowserAsync(email), await TenantAsync(host));
        var home = await TenantAsync(guest);
        Assert.NotEqual(account, home);   // asked earlier than they signed in, and still at home
        Assert.True(await PendingAsync(guest, account));
        Assert.Equal(0, await SessionsAsync(account, email));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        using (var switched = await guest.PostAsync("/api/auth/switch", new { tenant = account })) Assert.Equal(HttpStatusCode.OK, switched.StatusCode);
        Assert.Equal((account, "admin"), (await TenantAsync(guest), (await guest.WhoAsync())!.Role));
        Assert.False(await PendingAsync(guest, account));
        var listed = (await host.ReadAsync(Members)).GetProperty("data").EnumerateArray().Single(one => one.Text("email") == email);
        Assert.False(listed.GetProperty("pending").GetBoolean());
        Assert.NotEqual(JsonValueKind.Null, listed.GetProperty("last_login").ValueKind);
        var log = (await host.ReadAsync($"/api/v1/identity/audit?entity={listed.Text("id")}")).GetProperty("data").EnumerateArray().Select(entry => entry.Text("action")).ToList();
        Assert.Contains("member.joined", log);
        Assert.Contains("member.added", log);
        Assert.Equal(home, await TenantAsync(await app.BrowserAsync(email)));   // the older one stays their home
        using var again = await guest.PostAsync("/api/auth/switch", new { tenant = account });
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        log = [.. (await host.ReadAsync($"/api/v1/identity/audit?entity={listed.Text("id")}")).GetProperty("data").EnumerateArray().Select(entry => entry.Text("action"))];
        Assert.Single(log, "member.joined");
    }

    [Fact]
    public async Task Who_declines_is_off_the_list_and_cannot_accept_any_more()
    {
        var email = await app.ConfirmedAsync();
        var host = await app.BrowserAsync(await app.RegisteredAsync());
        using (var added = await host.PostAsync(Members, new { email })) Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var (guest, account) = (await app.BrowserAsync(email), await TenantAsync(host));
        using (var declined = await guest.PostAsync("/api/auth/decline", new { tenant = account })) Assert.Equal(HttpStatusCode.NoContent, declined.StatusCode);
        Assert.DoesNotContain((await host.ReadAsync(Members)).GetProperty("data").EnumerateArray(), one => one.Text("email") == email);
        using (var late = await guest.PostAsync("/api/auth/switch", new { tenant = account })) Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
        using (var home = await guest.PostAsync("/api/auth/decline", new { tenant = await TenantAsync(guest) })) Assert.Equal(HttpStatusCode.NotFound, home.StatusCode);   // left, not declined
        var id = (await guest.ReadAsync("/api/auth/profile")).Text("id");
        Assert.Contains((await host.ReadAsync($"/api/v1/identity/audit?entity={id}")).GetProperty("data").EnumerateArray(), entry => entry.Text("action") == "member.declined");
    }

    [Fact]
    public async Task Who_belongs_to_no_other_open_account_accepts_by_signing_in()
    {
        var email = await app.ConfirmedAsync();
        var own = await TenantAsync(await app.BrowserAsync(email));
        var (host, second) = (await app.BrowserAsync(await app.RegisteredAsync()), await app.BrowserAsync(await app.RegisteredAsync()));
        foreach (var browser in (Browser[])[host, second])
        {
            using var added = await browser.PostAsync(Members, new { email });
            Assert.Equal(HttpStatusCode.Created, added.StatusCode);
            app.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        await using (var database = await app.OpenAsync())
            await database.ExecuteAsync("update tenants set is_active = false where tenant_id = @own", new { own = PublicId.Parse("ten", own) });
        var guest = await app.BrowserAsync(email);
        Assert.Equal(await TenantAsync(host), await TenantAsync(guest));
        Assert.False(await PendingAsync(guest, await TenantAsync(host)));
        Assert.True(await PendingAsync(guest, await TenantAsync(second)));   // one answer is not two
    }

    [Fact]
    public async Task Who_has_not_proved_the_address_neither_sees_nor_answers_what_its_holder_is_asked()
    {
        var email = await app.RegisteredAsync();
        var host = await app.BrowserAsync(await app.RegisteredAsync());
        using (var added = await host.PostAsync(Members, new { email, role = "admin" })) Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var (squatter, account) = (await app.BrowserAsync(email), await TenantAsync(host));
        Assert.Single((await squatter.ReadAsync("/api/auth/profile")).GetProperty("tenants").EnumerateArray());
        foreach (var answer in (string[])["switch", "decline"])
        {
            using var refused = await squatter.PostAsync($"/api/auth/{answer}", new { tenant = account });
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode); // as of an account that does not ask
        }
        Assert.True((await host.ReadAsync(Members)).GetProperty("data").EnumerateArray().Single(one => one.Text("email") == email).GetProperty("pending").GetBoolean());
        await app.ConfirmAsync(email);
        using var switched = await squatter.PostAsync("/api/auth/switch", new { tenant = account });
        Assert.Equal(HttpStatusCode.OK, switched.StatusCode);
    }

    [Fact]
    public async Task Nor_do_they_accept_it_by_signing_in()
    {
        var email = await app.RegisteredAsync();
        var own = await TenantAsync(await app.BrowserAsync(email));
        var host = await app.BrowserAsync(await app.RegisteredAsync());
        using (var added = await host.PostAsync(Members, new { email })) Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        await using var database = await app.OpenAsync();
        await database.ExecuteAsync("update tenants set is_active = false where tenant_id = @own", new { own = PublicId.Parse("ten", own) });
        using (var closed = await app.SignInAsync(email)) Assert.Equal(own, (await closed.JsonAsync()).GetProperty("user").Text("tenant"));
        await database.ExecuteAsync("delete from memberships where tenant_id = @own", new { own = PublicId.Parse("ten", own) });
        for (var times = 0; times < 6; times++) // none of these is a wrong password, and no number of them locks
        {
            using var refused = await app.SignInAsync(email);
            Assert.Equal((HttpStatusCode.Forbidden, "ADDRESS_UNCONFIRMED"), (refused.StatusCode, await refused.CodeAsync()));
        }
        await app.ConfirmAsync(email);
        Assert.Equal(await TenantAsync(host), await TenantAsync(await app.BrowserAsync(email)));
    }

    /// <summary>A card or a tier that is meant for whoever reads the mail must not be the squatter's.</summary>
    [Fact]
    public async Task Nor_does_whoever_runs_the_installation_find_their_account_by_it()
    {
        var email = await app.RegisteredAsync();
        var own = await TenantAsync(await app.BrowserAsync(email));
        Assert.Null(await FindAsync(TenantId.New(app.Clock.GetUtcNow())));
        Assert.Equal(PublicId.Parse("ten", own).ToString(), await FindAsync(new(PublicId.Parse("ten", own)))); // their own they are anyway
        await app.ConfirmAsync(email);
        Assert.Equal(PublicId.Parse("ten", own).ToString(), await FindAsync(TenantId.New(app.Clock.GetUtcNow())));

        async Task<string?> FindAsync(TenantId from)
        {
            using var channel = GrpcChannel.ForAddress(app.Server.BaseAddress, new() { HttpHandler = app.Server.CreateHandler() });
            var signed = new Metadata { { CallerToken.Header, app.Services.GetRequiredService<CallerToken>().Sign(new(from, "user:test", "owner", Operator: true)) } };
            try { return (await new Contracts.V1.Identity.IdentityClient(channel).FindAccountAsync(new() { Email = email }, signed)).TenantId; }
            catch (RpcException e) when (e.StatusCode == StatusCode.NotFound) { return null; }
        }
    }

    [Fact]
    public async Task An_account_asks_the_same_person_three_times_a_day()
    {
        var email = await app.RegisteredAsync();
        var host = await app.BrowserAsync(await app.RegisteredAsync());
        for (var time = 0; time < 3; time++) await AskAndTakeBackAsync();
        using (var fourth = await host.PostAsync(Members, new { email })) Assert.Equal((HttpStatusCode.Conflict, "LIMIT_REACHED"), (fourth.StatusCode, await fourth.CodeAsync()));
        Assert.Equal(3, (await app.HeardAsync("MemberAdded", email)).Count);
        await using (var database = await app.OpenAsync())
            await database.ExecuteAsync("update member_asks set asked_at = asked_at - interval '1 day' where tenant_id = @tenant", new { tenant = PublicId.Parse("ten", await TenantAsync(host)) });
        await AskAndTakeBackAsync();

        async Task AskAndTakeBackAsync()
        {
            using var added = await host.PostAsync(Members, new { email });
            Assert.Equal(HttpStatusCode.Created, added.StatusCode);
            using var back = await host.SendAsync(HttpMethod.Delete, $"{Members}/{(await added.JsonAsync()).Text("id")}");
            Assert.Equal(HttpStatusCode.NoContent, back.StatusCode);
        }
    }

    [Fact]
    public async Task At_an_address_that_nobody_has_an_account_asks_three_times_a_day_too()
    {
        var email = PeopleApp.NewEmail();
        var host = await app.BrowserAsync(await app.RegisteredAsync());
        foreach (var (status, code) in ((HttpStatusCode, string)[])[(HttpStatusCode.NotFound, "NO_SUCH_PERSON"), (HttpStatusCode.NotFound, "NO_SUCH_PERSON"), (HttpStatusCode.NotFound, "NO_SUCH_PERSON"), (HttpStatusCode.Conflict, "LIMIT_REACHED")])
        {
            using var answer = await host.PostAsync(Members, new { email });
            Assert.Equal((status, code), (answer.StatusCode, await answer.CodeAsync()));
        }
    }

    private static async Task<string> TenantAsync(Browser browser) => new TenantId(Guid.Parse((await browser.WhoAsync())!.TenantId)).ToString();

    private static async Task<bool> PendingAsync(Browser browser, string tenant) =>
        (await browser.ReadAsync("/api/auth/profile")).GetProperty("tenants").EnumerateArray().Single(one => one.Text("tenant") == tenant).GetProperty("pending").GetBoolean();

    private async Task<int> SessionsAsync(string tenant, string email)
    {
        await using var database = await app.OpenAsync();
        return await database.QuerySingleAsync<int>(
            "select count(*)::int from sessions s join users u on u.id = s.user_id where s.tenant_id = @tenant and u.email = @email", new { tenant = PublicId.Parse("ten", tenant), email });
    }

    /// <summary>Whom other services would mail.</summary>
    private async Task<IReadOnlyList<string>> OwnersAsync(string tenant)
    {
        using var channel = GrpcChannel.ForAddress(app.Server.BaseAddress, new() { HttpHandler = app.Server.CreateHandler() });
        var token = app.Services.GetRequiredService<CallerToken>().Sign(new(new(PublicId.Parse("ten", tenant)), "service:acquisition", "service"));
        var reply = await new Contracts.V1.Identity.IdentityClient(channel).GetOwnersAsync(new(), new Metadata { { CallerToken.Header, token } });
        return [.. reply.Emails];
    }
}
