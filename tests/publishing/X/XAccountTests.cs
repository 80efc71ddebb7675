using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Empire.Publishing.Pieces;
using Empire.Publishing.Tests.Stubs;
using Empire.Testing;

namespace Empire.Publishing.Tests.X;

/// <summary>An installation whose account on X is for all accounts of it.</summary>
public sealed class SharedXApp : PublishingApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Providers:X:Shared", "true"), new("Providers:X:PostsPer15Minutes", "3"), new("Providers:X:PostsPerDay", "3")];
}

/// <summary>Two accounts of one installation, which holds one account on X.</summary>
public sealed class XAccountTests(PublishingApp app) : IClassFixture<PublishingApp>
{
    private readonly TenantId customer = TenantId.New(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task Only_the_account_that_runs_the_installation_posts_with_its_account_on_x()
    {
        using var stranger = app.ClientFor(customer);
        using var refused = await stranger.PostAsJsonAsync("/api/social/post", new { platform = "twitter", content = "On your account." });
        Assert.Equal((HttpStatusCode.Forbidden, "ACCOUNT_NOT_CONNECTED"), (refused.StatusCode, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));
        var planned = Assert.Single(await app.PlanAsync(customer, Wish(app, "Neither by a cycle.")));
        Assert.Equal(("refused", true), (planned.State, planned.Refusal.StartsWith("account-not-connected: ", StringComparison.Ordinal)));
        Assert.StartsWith("account-not-connected: ", await app.RefusalAsync(customer, "x"), StringComparison.Ordinal);
        Assert.Equal(("", ""), (await app.RefusalAsync(customer, "blog"), await app.RefusalAsync(app.Tenant, "x")));

        using var owner = app.OwnerClient();
        using var posted = await owner.PostAsJsonAsync("/api/social/post", new { platform = "twitter", content = "On my account." });
        Assert.Equal(HttpStatusCode.Created, posted.StatusCode);
        await Eventually.EqualAsync(1, () => Task.FromResult(app.X.PostsWith("On my account.")));
        Assert.Equal((0, 0), (app.X.PostsWith("On your account."), app.X.PostsWith("Neither by a cycle.")));
    }

    [Fact]
    public async Task What_another_account_had_planned_before_is_refused_when_its_time_comes()
    {
        var publication = Guid.CreateVersion7();
        await using (var everything = await app.TestDatabase.OpenAsOwnerAsync())
        {
            await everything.ExecuteAsync(
                """
                insert into publications (id, tenant_id, piece_id, channel, kind, title, prompt_version, test, due_at, planned_at)
                values (@publication, @tenant, @piece, 'x', 'social_post', 'T', 'social_post@1', true, now(), now())
                """, new { publication, tenant = customer.Value, piece = Wish(app, "Planned long ago.").Piece });
            await everything.ExecuteAsync(
                """
                insert into kernel.effects (id, tenant_id, kind, key, intent, due_at, planned_at)
                values (gen_random_uuid(), @tenant, 'publishing.x-post', 'long-ago', @intent::jsonb, now(), now())
                """, new { tenant = customer.Value, intent = JsonSerializer.Serialize(new { publication_id = (Guid?)null, social_post_id = (Guid?)null, account = "main", text = "Decided long ago.", link_code = (string?)null, test = true }) });
        }
        await Eventually.EqualAsync("failed", () => app.StateAsync($"{publication}"));
        Assert.StartsWith("account-not-connected: ", await app.ReadAsync<string>("select failure from publications where id = @publication", new { publication }), StringComparison.Ordinal);
        await Eventually.EqualAsync("rejected", () => app.ReadAsync<string>("select state from kernel.effects where key = 'long-ago'"));
        Assert.Equal((0, 0), (app.X.PostsWith("Planned long ago."), app.X.PostsWith("Decided long ago.")));
    }

    [Fact]
    public async Task A_ban_stops_the_account_on_x_for_everybody_who_posts_with_it_until_the_operator_resumes_it()
    {
        await using var shared = await StartAsync();
        using var owner = shared.OwnerClient();
        using var other = shared.ClientFor(customer);
        shared.X.Arm("This one is too much.", StubX.Fault.Suspended);
        var banned = Assert.Single(await shared.PlanAsync(customer, Wish(shared, "This one is too much.")));
        await Eventually.EqualAsync("failed", () => shared.StateAsync(banned.PublicationId));

        // The operator's next post does not go out either, and both are told.
        var mine = Assert.Single(await shared.PlanAsync(Wish(shared, "An innocent one.")));
        await Eventually.EqualAsync("failed", () => shared.StateAsync(mine.PublicationId));
        Assert.Equal(0, shared.X.PostsWith("An innocent one."));
        foreach (var client in (HttpClient[])[owner, other])
        {
            var accounts = await client.GetFromJsonAsync<JsonElement>("/api/v1/publications/accounts");
            Assert.Equal(("main", "stopped", "high"), (
                accounts.GetProperty("data")[0].GetProperty("name").GetString(), accounts.GetProperty("data")[0].GetProperty("state").GetString(),
                Assert.Single(accounts.GetProperty("alerts").EnumerateArray()).GetProperty("severity").GetString()));
        }

        Assert.Equal(HttpStatusCode.Conflict, (await other.PostAsync("/api/v1/publications/accounts/main/resume", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await owner.PostAsync("/api/v1/publications/accounts/main/resume", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await owner.PostAsync("/api/v1/publications/accounts/main/resume", null)).StatusCode);
        var later = Assert.Single(await shared.PlanAsync(customer, Wish(shared, "Better now.")));
        await shared.PublishedAsync(later.PublicationId);
    }

    [Fact]
    public async Task The_caps_of_an_account_on_x_hold_for_all_who_post_with_it_together()
    {
        await using var shared = await StartAsync();
        for (var i = 0; i < 2; i++)
            foreach (var tenant in (TenantId[])[shared.Tenant, customer]) await shared.PlanAsync(tenant, Wish(shared, $"Capped {i} of {tenant}."));
        await Eventually.EqualAsync((3, 1), () => shared.ReadAsync<(int, int)>(
            "select count(*) filter (where state = 'published')::int, count(*) filter (where state = 'planned' and due_at > now() and failures = 0)::int from publications"));
        Assert.Equal(3, shared.X.Posts.Count);
    }

    private static (Guid Piece, string Channel) Wish(PublishingApp app, string text) =>
        (app.Content.Add("social_post", JsonSerializer.Serialize(new SocialPostDocument { Text = text }, DocumentJson.Options), platform: "x"), "x");

    private static async Task<SharedXApp> StartAsync()
    {
        var shared = new SharedXApp();
        await shared.InitializeAsync();
        return shared;
    }
}
