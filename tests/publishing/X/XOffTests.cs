using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Empire.Testing;

namespace Empire.Publishing.Tests.X;

/// <summary>An installation that does without X.</summary>
public sealed class XOffApp : PublishingApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Providers:X:Off", "true"), new("Providers:X:AccessToken", "")];
}

public sealed class XOffTests(XOffApp app) : IClassFixture<XOffApp>
{
    [Fact]
    public async Task Nobody_posts_and_the_channel_is_closed_before_anything_is_written_for_it()
    {
        using var owner = app.OwnerClient();
        using var refused = await owner.PostAsJsonAsync("/api/social/post", new { platform = "twitter", content = "Into the void." });
        Assert.Equal((HttpStatusCode.NotImplemented, "PROVIDER_OFF"), (refused.StatusCode, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));
        Assert.StartsWith("provider-off: X is switched off", await app.RefusalAsync(app.Tenant, "x"), StringComparison.Ordinal);
        Assert.Equal("", await app.RefusalAsync(app.Tenant, "blog"));
        Assert.Equal("refused", Assert.Single(await app.PlanAsync((Guid.CreateVersion7(), "x"))).State);
        Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync("/api/v1/publications/accounts")).StatusCode);
    }

    [Fact]
    public async Task What_was_planned_while_it_was_on_is_refused_when_its_time_comes()
    {
        await using (var everything = await app.TestDatabase.OpenAsOwnerAsync())
            await everything.ExecuteAsync(
                """
                insert into kernel.effects (id, tenant_id, kind, key, intent, due_at, planned_at)
                values (gen_random_uuid(), @tenant, 'publishing.x-post', 'while-it-was-on', @intent::jsonb, now(), now())
                """, new { tenant = app.Tenant.Value, intent = JsonSerializer.Serialize(new { publication_id = (Guid?)null, social_post_id = (Guid?)null, account = "main", text = "Decided long ago.", link_code = (string?)null, test = true }) });
        await Eventually.EqualAsync("rejected", () => app.ReadAsync<string>("select state from kernel.effects where key = 'while-it-was-on'"));
        Assert.Empty(app.X.Requests);
    }
}
