using System.Net;
using System.Net.Http.Json;
using Dapper;

namespace Empire.Identity.Tests.People;

public sealed class PrivateModeTests(PeopleApp app) : IClassFixture<PeopleApp>
{
    [Fact]
    public async Task While_private_only_an_invite_opens_either_door_and_a_refused_sign_up_spends_none()
    {
        var owner = await app.BrowserAsync(PeopleApp.OwnerEmail, PeopleApp.OwnerPassword);
        (await owner.PostAsync("/admin/toggle-private", new { private_mode = true })).Dispose();
        try
        {
            foreach (var path in (string[])["/api/signup", "/api/auth/signup"])
            {
                var email = PeopleApp.NewEmail();
                using (var shut = await SignUpAsync(path, email, null)) Assert.Equal((HttpStatusCode.Forbidden, "INVITE_REQUIRED"), (shut.StatusCode, await shut.CodeAsync()));
                using (var unknown = await SignUpAsync(path, email, "AAAAAAAAAAAAAAAAAAAAAA")) Assert.Equal(HttpStatusCode.Forbidden, unknown.StatusCode);
                var code = await InviteAsync(owner, new { uses = 1 });
                using (var taken = await SignUpAsync(path, PeopleApp.OwnerEmail, code)) Assert.Equal(HttpStatusCode.Conflict, taken.StatusCode);
                using (var open = await SignUpAsync(path, email, code)) Assert.Equal(HttpStatusCode.OK, open.StatusCode);
                using var spent = await SignUpAsync(path, PeopleApp.NewEmail(), code);
                Assert.Equal(HttpStatusCode.Forbidden, spent.StatusCode);
            }
        }
        finally
        {
            (await owner.PostAsync("/admin/toggle-private", new { private_mode = false })).Dispose();
        }
        using var free = await SignUpAsync("/api/signup", PeopleApp.NewEmail(), null);
        Assert.Equal(HttpStatusCode.OK, free.StatusCode);
    }

    [Theory]
    [InlineData("/api/signup")]
    [InlineData("/api/auth/signup")]
    public async Task Who_brings_no_good_invite_is_not_told_who_has_signed_up(string path)
    {
        var owner = await app.BrowserAsync(PeopleApp.OwnerEmail, PeopleApp.OwnerPassword);
        var (spent, personal) = (await InviteAsync(owner, new { uses = 1 }), await InviteAsync(owner, new { email = PeopleApp.NewEmail() }));
        using (var used = await SignUpAsync(path, PeopleApp.NewEmail(), spent)) Assert.Equal(HttpStatusCode.OK, used.StatusCode);
        foreach (var (invite, code) in ((string, string)[])[("AAAAAAAAAAAAAAAAAAAAAA", "INVITE_UNKNOWN"), (spent, "INVITE_USED_UP"), (personal, "INVITE_NOT_YOURS")])
        {
            foreach (var email in (string[])[PeopleApp.NewEmail(), PeopleApp.OwnerEmail])
            {
                using var refused = await SignUpAsync(path, email, invite);
                Assert.Equal((HttpStatusCode.Forbidden, code), (refused.StatusCode, await refused.CodeAsync()));
            }
        }
    }

    [Fact]
    public async Task Of_five_sign_ups_with_the_last_use_of_an_invite_one_wins()
    {
        var owner = await app.BrowserAsync(PeopleApp.OwnerEmail, PeopleApp.OwnerPassword);
        var code = await InviteAsync(owner, new { uses = 1 });
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => SignUpAsync("/api/signup", PeopleApp.NewEmail(), code)));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
        Assert.Equal(4, answers.Count(a => a.StatusCode == HttpStatusCode.Forbidden));
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task An_invite_with_a_role_brings_the_person_into_the_inviters_account_too()
    {
        var owner = await app.BrowserAsync(PeopleApp.OwnerEmail, PeopleApp.OwnerPassword);
        var code = await InviteAsync(owner, new { uses = 1, role = "viewer" });
        var email = PeopleApp.NewEmail();
        using (var joined = await SignUpAsync("/api/auth/signup", email, code)) Assert.Equal(HttpStatusCode.OK, joined.StatusCode);
        var profile = await (await app.BrowserAsync(email)).ReadAsync("/api/auth/profile");
        Assert.Equal("owner", profile.Text("tenant_role"));   // they are as old as each other, and one is theirs
        Assert.Equal(["owner", "viewer"], profile.GetProperty("tenants").EnumerateArray().Select(t => t.GetProperty("role").GetString()).Order());
    }

    [Fact]
    public async Task Sign_up_sign_in_and_role_changes_are_in_the_audit_log_with_who_did_them()
    {
        var owner = await app.BrowserAsync(PeopleApp.OwnerEmail, PeopleApp.OwnerPassword);
        var email = await app.RegisteredAsync();
        _ = await app.BrowserAsync(email);
        await using var database = await app.OpenAsync();
        var user = await database.QuerySingleAsync<Guid>("select id from users where email = @email", new { email });
        (await owner.SendAsync(HttpMethod.Patch, $"/admin/users/{PublicId.Format("usr", user)}", new { role = "admin" })).Dispose();
        (await owner.SendAsync(HttpMethod.Patch, $"/admin/users/{PublicId.Format("usr", user)}", new { role = "user" })).Dispose();
        var lines = (await database.QueryAsync<(string Action, string Actor)>(
            "select action, actor from kernel.audit where entity_id = @id order by action", new { id = PublicId.Format("usr", user) })).ToList();
        Assert.Equal(["person.role-changed", "person.role-changed", "person.signed-in", "person.signed-up"], lines.Select(line => line.Action));
        Assert.Equal((await owner.WhoAsync())!.Actor, lines[0].Actor);
    }

    private static async Task<string> InviteAsync(Browser owner, object invite)
    {
        using var made = await owner.PostAsync("/admin/generate-invite", invite);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        return (await made.JsonAsync()).GetProperty("code").GetString()!;
    }

    private async Task<HttpResponseMessage> SignUpAsync(string path, string email, string? invite)
    {
        using var client = app.CreateClient();
        var body = new Dictionary<string, string> { ["email"] = email };
        if (path != "/api/signup") body["password"] = PeopleApp.Password;
        if (invite is not null) body["invite"] = invite;
        return await client.PostAsJsonAsync(path, body);
    }
}
