using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;

namespace Empire.Identity.Tests.Bounds;

/// <summary>Accounts that may have little of everything.</summary>
public sealed class NarrowApp : AccountsApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [.. base.Settings, .. from bound in (string[])["Keys:3", "AccessControls:3", "Credentials:3", "Members:3", "Invites:3", "Accounts:2", "Exports:2", "Asks:4"] select new KeyValuePair<string, string>($"Identity:Bounds:{bound.Split(':')[0]}", bound.Split(':')[1])];
}

public sealed class FewSessionsApp : PeopleApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Identity:Bounds:Sessions", "3")];
}

public sealed class BoundTests(NarrowApp app, FewSessionsApp people) : IClassFixture<NarrowApp>, IClassFixture<FewSessionsApp>
{
    private const string Keys = "/api/v1/identity/keys", Controls = "/api/v1/identity/access-controls", Credentials = "/api/v1/identity/credentials", Invites = "/api/v1/identity/invites", Members = "/api/v1/identity/members";

    [Theory]
    [InlineData(Keys, "API keys")]
    [InlineData(Controls, "access controls")]
    [InlineData(Credentials, "credentials")]
    [InlineData(Invites, "invites")]
    [InlineData(Members, "people")]
    public async Task Of_ten_that_are_made_at_once_three_are_and_the_rest_is_told_the_limit(string path, string what)
    {
        var client = path == Invites ? app.Operator() : app.Of(await app.AccountAsync());
        var bodies = await Task.WhenAll(Enumerable.Range(0, 10).Select(number => BodyAsync(path, number)));
        var answers = await Task.WhenAll(bodies.Select(body => client.PostAsJsonAsync(path, body)));
        Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
        {
            var problem = await refused.JsonAsync();
            Assert.Equal((HttpStatusCode.Conflict, "LIMIT_REACHED"), (refused.StatusCode, problem.Text("code")));
            Assert.Contains("most 3", problem.Text("message"), StringComparison.Ordinal);
            Assert.Contains(what, problem.Text("message"), StringComparison.Ordinal);
        }
        var all = await PagedAsync(client, path, 2);
        Assert.Equal(3, all.Count);
        Assert.Equal(3, all.Select(one => one.Text("id")).Distinct().Count());
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task A_key_that_is_over_makes_room_for_another()
    {
        var client = app.Of(await app.AccountAsync());
        for (var i = 0; i < 2; i++) await MadeAsync(client, new { name = "lasts" });
        var brief = await MadeAsync(client, new { name = "brief", expires_at = app.Clock.GetUtcNow().AddMinutes(1) });
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsJsonAsync(Keys, new { name = "one more" })).StatusCode);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var next = await MadeAsync(client, new { name = "in its place" });
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync(new Uri($"{Keys}/{next.Text("id")}", UriKind.Relative))).StatusCode);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var last = await MadeAsync(client, new { name = "in that one's" });
        var all = (await PagedAsync(client, Keys, 2)).Select(key => key.Text("id")).ToList();
        Assert.Equal([last.Text("id"), next.Text("id")], all.Take(2));   // the newest first, those that are over too
        Assert.Contains(brief.Text("id"), all);
    }

    [Fact]
    public async Task At_the_bound_keys_are_rotated_and_those_that_were_replaced_do_not_pile_up()
    {
        var client = app.Of(await app.AccountAsync());
        var keys = new List<string>();
        for (var i = 0; i < 3; i++) keys.Add((await MadeAsync(client, new { name = $"key {i}" })).Text("id"));
        var next = new List<string>();
        foreach (var id in keys) next.Add((await (await client.PostAsJsonAsync($"{Keys}/{id}/rotate", new { })).JsonAsync()).Text("id"));
        using (var fourth = await client.PostAsJsonAsync($"{Keys}/{next[0]}/rotate", new { })) Assert.Equal((HttpStatusCode.Conflict, "LIMIT_REACHED"), (fourth.StatusCode, await fourth.CodeAsync()));
        using (var atOnce = await client.PostAsJsonAsync($"{Keys}/{next[0]}/rotate", new { grace_hours = 0 })) Assert.Equal(HttpStatusCode.Created, atOnce.StatusCode);
        app.Clock.Advance(TimeSpan.FromHours(24));
        using var later = await client.PostAsJsonAsync($"{Keys}/{next[1]}/rotate", new { });
        Assert.Equal(HttpStatusCode.Created, later.StatusCode);
    }

    [Fact]
    public async Task A_person_is_taken_into_so_many_accounts()
    {
        var guest = $"{Guid.CreateVersion7():n}@people.example";
        await app.UserAsync(guest);
        var accounts = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => app.AccountAsync()));
        var answers = await Task.WhenAll(accounts.Select(account => app.Of(account).PostAsJsonAsync(Members, new { email = guest })));
        Assert.Equal((2, 4), (answers.Count(answer => answer.StatusCode == HttpStatusCode.Created), answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict)));
    }

    [Fact]
    public async Task An_account_asks_at_so_many_addresses_a_day_whether_or_not_anybody_has_them()
    {
        var client = app.Of(await app.AccountAsync());
        for (var i = 0; i < 4; i++)
            using (var nobody = await client.PostAsJsonAsync(Members, new { email = $"{Guid.CreateVersion7():n}@people.example" })) Assert.Equal((HttpStatusCode.NotFound, "NO_SUCH_PERSON"), (nobody.StatusCode, await nobody.CodeAsync()));
        var known = $"{Guid.CreateVersion7():n}@people.example";
        await app.UserAsync(known);
        foreach (var email in (string[])[$"{Guid.CreateVersion7():n}@people.example", known])
            using (var refused = await client.PostAsJsonAsync(Members, new { email })) Assert.Equal((HttpStatusCode.Conflict, "LIMIT_REACHED"), (refused.StatusCode, await refused.CodeAsync()));
        app.Clock.Advance(TimeSpan.FromDays(1));
        using var tomorrow = await client.PostAsJsonAsync(Members, new { email = known });
        Assert.Equal(HttpStatusCode.Created, tomorrow.StatusCode);
    }

    [Fact]
    public async Task That_many_accounts_ask_a_person_already_is_told_three_times_a_day_too()
    {
        var guest = $"{Guid.CreateVersion7():n}@people.example";
        await app.UserAsync(guest);
        for (var i = 0; i < 2; i++)
            using (var asked = await app.Of(await app.AccountAsync()).PostAsJsonAsync(Members, new { email = guest })) Assert.Equal(HttpStatusCode.Created, asked.StatusCode);
        var client = app.Of(await app.AccountAsync());
        foreach (var told in (string[])["accounts wait", "accounts wait", "accounts wait", "same address"])
        {
            using var refused = await client.PostAsJsonAsync(Members, new { email = guest });
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Contains(told, (await refused.JsonAsync()).Text("message"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task So_many_exports_of_a_person_are_kept()
    {
        var (tenant, user) = (await app.AccountAsync(), await app.UserAsync());
        await using (var database = await app.TestDatabase.OpenAsOwnerAsync())
            await database.ExecuteAsync("insert into memberships (tenant_id, user_id, role, created_at) values (@Value, @user, 'member', now())", new { tenant.Value, user });
        var client = app.Of(tenant, "member", actor: $"user:{user:N}");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => client.PostAsJsonAsync("/api/v1/identity/privacy/exports", new { })));
        Assert.Equal((2, 4), (answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted), answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict)));
    }

    [Fact]
    public async Task The_fourth_session_ends_the_one_that_was_seen_the_longest_ago()
    {
        var email = await people.RegisteredAsync();
        var browsers = new List<Browser>();
        for (var i = 0; i < 3; i++)
        {
            browsers.Add(await people.BrowserAsync(email));
            people.Clock.Advance(TimeSpan.FromMinutes(2));
        }
        Assert.True(await browsers[0].IsInAsync());   // so it was seen after the second
        browsers.Add(await people.BrowserAsync(email));
        var isIn = new List<bool>();
        foreach (var browser in browsers) isIn.Add(await browser.IsInAsync());
        Assert.Equal([true, false, true, true], isIn);
        var first = await browsers[3].ReadAsync("/api/v1/identity/sessions?limit=2");
        var rest = await browsers[3].ReadAsync($"/api/v1/identity/sessions?limit=2&cursor={first.Text("next_cursor")}");
        Assert.Equal((2, 1, JsonValueKind.Null), (first.GetProperty("data").GetArrayLength(), rest.GetProperty("data").GetArrayLength(), rest.GetProperty("next_cursor").ValueKind));
        Assert.True(first.GetProperty("data")[0].GetProperty("current").GetBoolean());
    }

    private async Task<object> BodyAsync(string path, int number)
    {
        if (path == Keys) return new { name = $"key {number}" };
        if (path == Controls) return new { control_type = "session_timeout", control_value = $"{900 + number}" };
        if (path == Credentials) return new { name = $"shop {number}", provider = "stripe", @class = "platform", value = "a credential of mine" };
        if (path == Invites) return new { };
        var email = $"{Guid.CreateVersion7():n}@people.example";
        await app.UserAsync(email);
        return new { email };
    }

    private static async Task<JsonElement> MadeAsync(HttpClient client, object request)
    {
        using var answer = await client.PostAsJsonAsync(Keys, request);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await answer.JsonAsync();
    }

    private static async Task<List<JsonElement>> PagedAsync(HttpClient client, string path, int limit)
    {
        var all = new List<JsonElement>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"{path}?limit={limit}{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}");
            Assert.InRange(page.GetProperty("data").GetArrayLength(), 0, limit);
            all.AddRange(page.GetProperty("data").EnumerateArray());
            cursor = page.GetProperty("next_cursor").GetString();
        }
        return all;
    }
}
