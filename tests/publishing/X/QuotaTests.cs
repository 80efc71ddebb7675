using System.Text.Json;
using Empire.Publishing.Pieces;
using Empire.Testing;

namespace Empire.Publishing.Tests.X;

public sealed class QuotaApp : PublishingApp
{
    public override TestClock Clock { get; } = new();

    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Providers:X:PostsPer15Minutes", "2"), new("Providers:X:PostsPerDay", "3")];
}

public sealed class QuotaTests(QuotaApp app) : IClassFixture<QuotaApp>
{
    [Fact]
    public async Task Posts_beyond_a_cap_wait_for_its_next_window_and_none_is_lost()
    {
        await app.PlanAsync([.. Enumerable.Range(0, 5).Select(i => (app.Content.Add("social_post", JsonSerializer.Serialize(new SocialPostDocument { Text = $"Quota {i}" }, DocumentJson.Options)), "x"))]);
        await SettledAsync(published: 2, waiting: 3);
        app.Clock.Advance(TimeSpan.FromMinutes(15));
        await SettledAsync(published: 3, waiting: 2); // the day's cap
        app.Clock.Advance(TimeSpan.FromDays(1));
        await SettledAsync(published: 5, waiting: 0);
        Assert.Equal(5, app.X.Posts.Count);
    }

    private Task SettledAsync(int published, int waiting) =>
        Eventually.EqualAsync((published, waiting), () => app.ReadAsync<(int, int)>(
            "select count(*) filter (where state = 'published')::int, count(*) filter (where state = 'planned' and due_at > @now and failures = 0)::int from publications",
            new { now = app.Clock.GetUtcNow().UtcDateTime }));
}
