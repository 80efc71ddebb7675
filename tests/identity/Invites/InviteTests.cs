using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Empire.Contracts;
using Empire.Identity.Invites;
using Empire.Identity.Keys;
using Empire.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Identity.Tests.Invites;

public sealed class InviteTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    [Fact]
    public async Task An_invite_of_three_uses_lets_three_in_and_is_then_used_up()
    {
        var code = await MadeAsync(new { uses = 3, hours = 48 });
        for (var use = 0; use < 3; use++) Assert.Null(await RedeemAsync(code));
        Assert.Equal("invite-used-up", (await RedeemAsync(code))?.Code);
    }

    [Fact]
    public async Task Who_came_by_an_invite_stands_in_the_log_of_whoever_invited_them()
    {
        using var made = await app.Operator().PostAsJsonAsync("/admin/generate-invite", new { role = "member" });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var email = $"{Guid.CreateVersion7():n}@people.example";
        using (var joined = await app.CreateClient().PostAsJsonAsync("/api/auth/signup", new { email, password = "a long phrase of mine", invite = (await made.JsonAsync()).Text("code") })) Assert.Equal(HttpStatusCode.OK, joined.StatusCode);
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        var person = PublicId.Format("usr", await owner.QuerySingleAsync<Guid>("select id from users where email = @email", new { email }));
        var log = await app.Operator().GetFromJsonAsync<JsonElement>($"/api/v1/identity/audit?entity={person}");
        Assert.Contains(log.GetProperty("data").EnumerateArray(), entry => entry.Text("action") == "member.added");
        Assert.Equal(app.OperatorTenant.Value, await owner.QuerySingleAsync<Guid>("select tenant_id from kernel.audit where action = 'invite.redeemed' order by at desc limit 1"));
    }

    [Fact]
    public async Task The_answer_is_a_link_to_sign_up_with_16_random_bytes()
    {
        using var made = await app.Operator().PostAsJsonAsync("/admin/generate-invite", new { });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var answer = await made.JsonAsync();
        Assert.Matches("^[A-Za-z0-9_-]{22}$", answer.Text("code"));
        Assert.Equal($"/signup?invite={answer.Text("code")}", answer.Text("link"));
        Assert.Equal(app.Clock.GetUtcNow().AddDays(7), answer.GetProperty("expires_at").GetDateTimeOffset());
    }

    [Fact]
    public async Task An_invite_expires_after_its_hours_and_never_only_when_that_was_asked_for()
    {
        var brief = await MadeAsync(new { hours = 48 });
        var endless = await MadeAsync(new { never_expires = true });
        app.Clock.Advance(TimeSpan.FromHours(48));
        Assert.Equal("invite-expired", (await RedeemAsync(brief))?.Code);
        app.Clock.Advance(TimeSpan.FromDays(4000));
        Assert.Null(await RedeemAsync(endless));
    }

    [Theory]
    [InlineData("""{"uses":101}""", "uses")]
    [InlineData("""{"uses":0}""", "uses")]
    [InlineData("""{"hours":0}""", "hours")]
    [InlineData("""{"hours":5,"never_expires":true}""", "never_expires")]
    [InlineData("""{"email":"nobody"}""", "email")]
    [InlineData("""{"email":"a@b.example","uses":2}""", "uses")]
    [InlineData("""{"role":"owner"}""", "role")]
    public async Task A_wrong_field_is_named(string body, string field)
    {
        using var answer = await app.Operator().PostAsJsonAsync("/admin/generate-invite", JsonDocument.Parse(body).RootElement);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((await answer.JsonAsync()).GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task Only_the_operator_invites()
    {
        var tenant = await app.AccountAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Of(tenant).PostAsJsonAsync("/admin/generate-invite", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Of(tenant).GetAsync(new Uri("/api/v1/identity/invites", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Of(tenant).DeleteAsync(new Uri("/api/v1/identity/invites/inv_x", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task A_withdrawn_invite_an_unknown_one_and_another_s_say_so()
    {
        using var made = await app.Operator().PostAsJsonAsync("/admin/generate-invite", new { });
        var answer = await made.JsonAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await app.Operator().DeleteAsync(new Uri($"/api/v1/identity/invites/{answer.Text("id")}", UriKind.Relative))).StatusCode);
        Assert.Equal("invite-inactive", (await RedeemAsync(answer.Text("code")))?.Code);
        Assert.Equal("invite-unknown", (await RedeemAsync("no-such-code"))?.Code);
        var personal = await MadeAsync(new { email = "Ada@People.Example" });
        Assert.Equal("invite-not-yours", (await RedeemAsync(personal))?.Code);
        Assert.Null(await RedeemAsync(personal, await app.UserAsync("ada@people.example")));
    }

    [Fact]
    public async Task Of_many_who_race_for_the_last_use_one_wins()
    {
        var code = await MadeAsync(new { });
        var users = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.UserAsync()));
        var answers = await Task.WhenAll(users.Select(user => RedeemAsync(code, user)));
        Assert.Single(answers, refusal => refusal is null);
        Assert.Equal(9, answers.Count(refusal => refusal?.Code == "invite-used-up"));
    }

    [Fact]
    public async Task A_use_that_is_rolled_back_is_not_lost()
    {
        var code = await MadeAsync(new { });
        var user = await app.UserAsync();
        await using (var work = await app.Database.BeginSystemAsync(default))
            Assert.Null(await InviteTable.RedeemAsync(work, code, user, 1000, app.Clock.GetUtcNow(), default)); // the sign-up fails afterwards
        Assert.Null(await RedeemAsync(code, user));
    }

    [Fact]
    public async Task An_address_is_mailed_its_code_which_stands_nowhere_in_clear()
    {
        var code = await MadeAsync(new { email = "bob@people.example" });
        var sent = (await app.HeardAsync<InviteSent>()).Single(e => e.Email == "bob@people.example");
        Assert.Equal(code, app.Services.GetRequiredService<Sealer>().Open(sent.SealedCode, "mail:invite"));
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        var rows = await owner.QueryAsync<string>("select invite_codes::text from invite_codes union all select body from heard union all select audit::text from kernel.audit");
        Assert.All(rows, row => Assert.DoesNotContain(code, row, StringComparison.Ordinal));
        var list = await app.Operator().GetStringAsync("/admin/invites");
        Assert.DoesNotContain(code, list, StringComparison.Ordinal);
        Assert.Contains($"\"code_prefix\":\"{code[..4]}\"", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invite_with_a_role_also_joins_the_inviter_s_account()
    {
        var code = await MadeAsync(new { role = "member" });
        var user = await app.UserAsync();
        Assert.Null(await RedeemAsync(code, user));
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        Assert.Equal((app.OperatorTenant.Value, "member"), await owner.QuerySingleAsync<(Guid, string)>("select tenant_id, role from memberships where user_id = @user", new { user }));
    }

    [Fact]
    public async Task Who_runs_the_installation_and_is_a_mere_member_of_an_account_takes_nobody_into_it()
    {
        var member = app.SignedAs(new(await app.AccountAsync(), "user:operator", "member", Operator: true));
        using var joining = await member.PostAsJsonAsync("/admin/generate-invite", new { role = "admin" });
        Assert.Equal((HttpStatusCode.Forbidden, "FORBIDDEN"), (joining.StatusCode, await joining.CodeAsync()));
        using var plain = await member.PostAsJsonAsync("/admin/generate-invite", new { });
        Assert.Equal(HttpStatusCode.Created, plain.StatusCode);
    }

    [Theory]
    [InlineData("removed", false)]
    [InlineData("removed", true)]
    [InlineData("lowered", false)]
    [InlineData("no admin of the installation", false)]
    [InlineData("no admin of the installation", true)]
    public async Task Nobody_comes_back_by_an_invite_of_their_own(string how, bool byKey)
    {
        var user = await app.UserAsync();
        await using (var database = await app.TestDatabase.OpenAsOwnerAsync())
            await database.ExecuteAsync(
                """
                update users set role = 'admin' where id = @user;
                insert into memberships (tenant_id, user_id, role, created_at) values (@Value, @user, 'owner', now());
                """, new { app.OperatorTenant.Value, user });
        var admin = app.SignedAs(new(app.OperatorTenant, $"user:{user:N}", "owner", Operator: true));
        if (byKey)
        {
            var id = Guid.CreateVersion7();
            await using var work = await app.Database.BeginAsync(app.OperatorTenant, default);
            await ApiKeyTable.IssueAsync(work, id, "test", "owner", [], null, $"user:{user:N}", app.Clock.GetUtcNow(), default);
            await work.CommitAsync(default);
            admin = app.SignedAs(new(app.OperatorTenant, $"key:{id:N}", "owner", Operator: true));
        }
        using var made = await admin.PostAsJsonAsync("/admin/generate-invite", new { role = "admin", uses = 2 });
        var code = (await made.JsonAsync()).Text("code");
        Assert.Null(await RedeemAsync(code));
        var person = PublicId.Format("usr", user);
        using var ended = how switch
        {
            "removed" => await app.Operator().DeleteAsync(new Uri($"/api/v1/identity/members/{person}", UriKind.Relative)),
            "lowered" => await app.Operator().PatchAsJsonAsync($"/api/v1/identity/members/{person}", new { role = "member" }),
            _ => await app.Operator().PatchAsJsonAsync($"/admin/users/{person}", new { role = "user" }),
        };
        Assert.True(ended.IsSuccessStatusCode, await ended.Content.ReadAsStringAsync());
        Assert.Equal("invite-inactive", (await RedeemAsync(code))?.Code);
    }

    private async Task<string> MadeAsync(object request)
    {
        using var made = await app.Operator().PostAsJsonAsync("/admin/generate-invite", request);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        return (await made.JsonAsync()).Text("code");
    }

    private async Task<Refusal?> RedeemAsync(string code, Guid? user = null)
    {
        var who = user ?? await app.UserAsync();
        await using var work = await app.Database.BeginSystemAsync(default);
        var refusal = await InviteTable.RedeemAsync(work, code, who, 1000, app.Clock.GetUtcNow(), default);
        if (refusal is null) await work.CommitAsync(default);
        return refusal;
    }
}
