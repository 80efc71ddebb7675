using System.Text.Json;
using Empire.Testing;

namespace Empire.EndToEnd.Tests;

/// <summary>A process dies at a named place between two steps, its resource is restarted, and the cycle ends as if nothing had happened.</summary>
[Collection(InstallationCollection.Name)]
public sealed class CrashTests(Installation empire)
{
    /// <summary>One point of each kernel and of each leg of the way; the long run takes all of them.</summary>
    public static TheoryData<string> Quick => ["outbox.published", "inbox.handled", "effects.performed", "cycle.pieces-requested", "content.called", "publishing.rendered"];

    public static TheoryData<string> All =>
    [
        "work.before-commit", "work.committed", "outbox.claimed", "outbox.published", "outbox.deleted", "inbox.begun", "inbox.handled", "inbox.committed",
        "effects.claimed", "effects.performed", "effects.settling", "effects.settled",
        "content.reserved", "content.called", "content.settled", "publishing.linked", "publishing.rendered",
        "cycle.claimed", "cycle.pieces-planned", "cycle.pieces-requested", "cycle.publications-planned",
        "cycle.fetch-ran", "cycle.rank-ran", "cycle.select-ran", "cycle.generate-ran", "cycle.publish-ran", "cycle.collect-ran", "cycle.compute-ran",
    ];

    [Theory, MemberData(nameof(Quick))]
    public Task A_kill_at_a_fault_point_changes_nothing_in_the_end(string point) => KilledAsync(point, passes: 0, feed: 3);

    [Theory, MemberData(nameof(All)), Trait("Category", "chaos")]
    public async Task A_kill_at_every_fault_point_early_and_late_changes_nothing_in_the_end(string point)
    {
        var random = new Random(point.GetHashCode(StringComparison.Ordinal) & 0xFFFF);
        foreach (var passes in (int[])[0, random.Next(1, 3)]) await KilledAsync(point, passes, random.Next(0, 60));
    }

    [Theory, InlineData("content"), InlineData("publishing"), InlineData("analytics"), InlineData("autopilot"), InlineData("gateway"), InlineData("messaging"), InlineData("postgres"),
     InlineData("redis"), Trait("Category", "chaos")]
    public Task A_kill_of_any_process_in_the_middle_changes_nothing_in_the_end(string resource) => DisturbedAsync(() => empire.KillAsync(resource), feed: 5);

    [Fact]
    public Task The_broker_and_the_database_may_die_in_the_middle_of_a_cycle() => DisturbedAsync(async () =>
    {
        await empire.KillAsync("messaging");
        await empire.KillAsync("postgres");
    }, feed: 40);

    private async Task KilledAsync(string point, int passes, int feed)
    {
        var armed = Path.Combine(empire.Faults, point);
        var expected = await UndisturbedAsync(feed);
        using var client = await empire.NewTenantAsync($"killed at {point}");
        using var shop = new Shop(empire.Sandbox);
        await File.WriteAllTextAsync(armed, passes.ToString());
        try
        {
            var cycle = await client.StartCycleAsync(await shop.FeedAsync(feed, 3));
            await client.EndOfCycleAsync(cycle, TimeSpan.FromMinutes(3));
            Assert.True(File.Exists($"{armed}.fired") || passes > 0, $"No process passed {point}.");
            await empire.HealthyAsync();
            await Eventually.EqualAsync(expected, () => StateAsync(client, shop), TimeSpan.FromMinutes(1));
        }
        finally
        {
            File.Delete(armed);
            File.Delete($"{armed}.fired");
        }
    }

    private async Task DisturbedAsync(Func<Task> disturbance, int feed)
    {
        var expected = await UndisturbedAsync(feed);
        using var client = await empire.NewTenantAsync("disturbed");
        using var shop = new Shop(empire.Sandbox);
        var cycle = await client.StartCycleAsync(await shop.FeedAsync(feed, 3));
        await disturbance();
        await empire.HealthyAsync();
        await client.EndOfCycleAsync(cycle, TimeSpan.FromMinutes(3));
        await Eventually.EqualAsync(expected, () => StateAsync(client, shop), TimeSpan.FromMinutes(1));
    }

    private async Task<State> UndisturbedAsync(int feed)
    {
        await empire.HealthyAsync();
        using var client = await empire.NewTenantAsync("undisturbed");
        using var shop = new Shop(empire.Sandbox);
        await client.RunCycleAsync(await shop.FeedAsync(feed, 3));
        return await StateAsync(client, shop);
    }

    /// <summary>All that a tenant has in the end, without the ids and times that differ from run to run.</summary>
    private static async Task<State> StateAsync(HttpClient client, Shop shop)
    {
        var products = (await client.GetAllAsync("/api/v1/autopilot/products")).ToDictionary(
            p => PublicId.Parse("prod", p.GetProperty("id").GetString()!), p => p.GetProperty("external_id").GetString()!);
        var publications = await client.GetAllAsync("/api/v1/publications");
        var posts = await shop.PostsAsync();
        var pieces = await client.GetAllAsync("/api/v1/content/pieces");
        var costs = await client.GetAllAsync("/api/v1/analytics/costs");
        return new(
            Lines(pieces.Select(p => $"{products[p.GetProperty("product_id").GetGuid()]} {Text(p, "kind")} {Text(p, "state")}")),
            Lines(publications.Select(p => $"{products[PublicId.Parse("prod", Text(p, "product_id")!)]} {Text(p, "channel")} {Text(p, "kind")} {Text(p, "state")}")),
            Lines(publications.Where(p => Text(p, "channel") == "x").Select(p => $"{products[PublicId.Parse("prod", Text(p, "product_id")!)]} posted {TimesPosted(p)} times")),
            // A call to a model that was cut off is paid for all the same: what it may cost is booked, so such rows are told by kind, not counted.
            Lines(costs.Select(c => $"{products[c.GetProperty("product_id").GetGuid()]} {Text(c, "platform")} {Text(c, "category")}").Distinct()));

        // Each post carries a tracked link of its own, so a second one of the same publication would carry it too.
        int TimesPosted(JsonElement publication)
        {
            var link = posts.Where(post => post.Id == Text(publication, "platform_id")).SelectMany(post => post.Text.Split([' ', '\n'])).FirstOrDefault(word => word.Contains("/r/", StringComparison.Ordinal));
            return link is null ? 0 : posts.Count(post => post.Text.Contains(link, StringComparison.Ordinal));
        }
    }

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines.Order(StringComparer.Ordinal));

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();

    private sealed record State(string Pieces, string Publications, string Posts, string Costs);
}
