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
        var random = new Random(point.Aggregate(17, (seed, letter) => unchecked((seed * 31) + letter))); // the same in every run
        await KilledAsync(point, passes: 0, random.Next(0, 60));
        // A cycle passes its own points once or little more.
        if (!point.StartsWith("cycle.", StringComparison.Ordinal)) await KilledAsync(point, random.Next(1, 3), random.Next(0, 60));
    }

    [Theory, InlineData("content"), InlineData("publishing"), InlineData("analytics"), InlineData("autopilot"), InlineData("identity"), InlineData("payments"), InlineData("acquisition"),
     InlineData("telemetry"), InlineData("gateway"), InlineData("messaging"), InlineData("postgres"), InlineData("redis"), InlineData("sandbox"), Trait("Category", "chaos")]
    public Task A_kill_of_any_process_in_the_middle_changes_nothing_in_the_end(string resource) => DisturbedAsync(() => empire.KillAsync(resource), feed: 5);

    [Fact]
    public Task The_broker_the_database_and_the_cache_may_die_in_the_middle_of_a_cycle() => DisturbedAsync(async () =>
    {
        await empire.FlushRedisAsync();
        await empire.KillAsync("messaging");
        await empire.KillAsync("postgres");
    }, feed: 40);

    /// <summary>A visitor who was not sent on comes again, and that is another visit; none that was told of is lost or counted twice, and neither is a sale.</summary>
    [Theory, InlineData("analytics.clicks-written"), InlineData("analytics.spool-drained"), InlineData("analytics.conversion-stored")]
    public async Task A_click_and_its_sale_are_counted_once_where_the_counting_dies(string point)
    {
        await empire.HealthyAsync();
        using var client = await empire.NewTenantAsync($"visited at {point}");
        using var shop = new Shop(empire.Sandbox);
        await client.RunCycleAsync(await shop.FeedAsync(50, 1));
        var post = (await client.GetAllAsync("/api/v1/publications?channel=blog")).First(p => p.GetProperty("kind").GetString() == "blog_post");
        var link = await WholeCycleTests.FirstTrackedLinkAsync(empire, post);
        await WholeCycleTests.FollowAsync(empire, link);   // from now on the link is known without the database
        using var fault = new ArmedFault(empire, point);
        if (point == "analytics.spool-drained") await empire.KillAsync("postgres");   // so that the visit is kept in a file first
        var landing = await WholeCycleTests.FollowAsync(empire, link);
        var commission = await shop.BuyAsync(landing);
        var visits = 2;
        await Eventually.TrueAsync(async () =>
        {
            // Where the database was slow, the visit went by the file, and is counted all the same. The next one is written at once.
            if (point == "analytics.clicks-written" && !fault.HasFired && await ClicksAsync() >= visits)
            {
                await WholeCycleTests.FollowAsync(empire, link);
                visits++;
            }
            return fault.HasFired;
        }, TimeSpan.FromMinutes(2));
        await empire.HealthyAsync();

        await Eventually.EqualAsync((1, commission, false), async () =>
        {
            var totals = (await client.GetJsonAsync("/api/v1/analytics/roi?by=platform")).GetProperty("totals");
            return (totals.GetProperty("conversions").GetInt32(), totals.GetProperty("revenue").GetDecimal(), totals.GetProperty("clicks").GetInt32() < visits);
        }, TimeSpan.FromMinutes(1));
        // Where the visitor's own answer was cut off, it is one visit more that was answered.
        Assert.InRange(await ClicksAsync(), visits, point == "analytics.clicks-written" ? visits + 1 : visits);

        async Task<int> ClicksAsync() => (await client.GetJsonAsync("/api/v1/analytics/roi?by=platform")).GetProperty("totals").GetProperty("clicks").GetInt32();
    }

    private async Task KilledAsync(string point, int passes, int feed)
    {
        ArmedFault? fault = null;
        try { await ComparedAsync($"killed at {point}", feed, before: () => fault = new(empire, point, passes)); }
        finally { fault?.Dispose(); }
        Assert.True(fault!.HasFired, $"No process passed {point} {passes + 1} times.");
    }

    private Task DisturbedAsync(Func<Task> disturbance, int feed) => ComparedAsync("disturbed", feed, during: disturbance);

    /// <summary>A cycle in peace, then the same with a disturbance: in the end no row of the two accounts differs. Both are read until they agree, for what follows from a cycle arrives a little later.</summary>
    private async Task ComparedAsync(string name, int feed, Action? before = null, Func<Task>? during = null)
    {
        await empire.HealthyAsync();
        using var shop = new Shop(empire.Sandbox);
        var products = await shop.FeedAsync(feed, 3);
        using var peaceful = await empire.NewTenantAsync("undisturbed");
        await peaceful.RunCycleAsync(products);
        using var disturbed = await empire.NewTenantAsync(name);
        before?.Invoke();
        var cycle = await disturbed.StartCycleAsync(products);
        if (during is not null) await during();
        await disturbed.EndOfCycleAsync(cycle, TimeSpan.FromMinutes(3));
        await empire.HealthyAsync();
        (State Peaceful, State Disturbed) seen = default;
        try
        {
            await Eventually.TrueAsync(async () =>
            {
                seen = (await StateAsync(peaceful, shop), await StateAsync(disturbed, shop));
                return seen.Peaceful == seen.Disturbed && await empire.UnsentAsync() == 0;
            }, TimeSpan.FromMinutes(1));
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"In peace: {seen.Peaceful}\n\nDisturbed: {seen.Disturbed}\n\nUnsent: {await empire.UnsentAsync()}", e);
        }
    }

    /// <summary>All that a tenant has in the end, without the ids and times that differ from run to run.</summary>
    private async Task<State> StateAsync(HttpClient client, Shop shop)
    {
        var products = (await client.GetAllAsync("/api/v1/autopilot/products")).ToDictionary(
            p => PublicId.Parse("prod", p.GetProperty("id").GetString()!), p => p.GetProperty("external_id").GetString()!);
        var publications = await client.GetAllAsync("/api/v1/publications");
        var posts = await shop.PostsAsync();
        var pieces = await client.GetAllAsync("/api/v1/content/pieces");
        var costs = await client.GetAllAsync("/api/v1/analytics/costs");
        var rows = await empire.RowsAsync(await client.TenantAsync());
        return new(
            Lines(pieces.Select(p => $"{products[p.GetProperty("product_id").GetGuid()]} {Text(p, "kind")} {Text(p, "state")}")),
            Lines(publications.Select(p => $"{products[PublicId.Parse("prod", Text(p, "product_id")!)]} {Text(p, "channel")} {Text(p, "kind")} {Text(p, "state")}")),
            Lines(publications.Where(p => Text(p, "channel") == "x").Select(p => $"{products[PublicId.Parse("prod", Text(p, "product_id")!)]} posted {TimesPosted(p)} times")),
            // A call to a model that was cut off is paid for all the same: what it may cost is booked, so such rows are told by kind, not counted. A post is paid once.
            Lines(costs.Where(c => Text(c, "category") == "llm").Select(c => $"{products[c.GetProperty("product_id").GetGuid()]} {Text(c, "platform")} {Text(c, "category")}").Distinct()),
            Lines(costs.Where(c => Text(c, "category") != "llm").Select(c => $"{products[c.GetProperty("product_id").GetGuid()]} {Text(c, "platform")} {Text(c, "category")} {c.GetProperty("amount").GetDecimal()}")),
            Lines(rows.Where(table => !MayDiffer.Contains(table.Key)).Select(table => $"{table.Key} {table.Value}")),
            rows["analytics: public.costs"] == rows["payments: public.heard_events"] && rows["payments: public.ledger_lines"] == 2 * rows["payments: public.ledger_entries"]);

        // Each post carries a tracked link of its own, so a second one of the same publication would carry it too.
        int TimesPosted(JsonElement publication)
        {
            var link = posts.Where(post => post.Id == Text(publication, "platform_id")).SelectMany(post => post.Text.Split([' ', '\n'])).FirstOrDefault(word => word.Contains("/r/", StringComparison.Ordinal));
            return link is null ? 0 : posts.Count(post => post.Text.Contains(link, StringComparison.Ordinal));
        }
    }

    /// <summary>Attempts, their audit and what they cost, one more for each that was cut off; and balances, which are kept in as many rows as writers met.</summary>
    private static readonly HashSet<string> MayDiffer =
    [
        "autopilot: kernel.audit", "content: kernel.audit", "publishing: kernel.audit", "analytics: kernel.audit",
        "autopilot: public.cycle_attempts", "content: public.llm_calls", "analytics: public.costs", "publishing: kernel.quotas", "publishing: kernel.effect_quotas",
        "payments: public.heard_events", "payments: public.ledger_entries", "payments: public.ledger_lines", "payments: public.ledger_balances", "payments: public.ledger_checked",
    ];

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines.Order(StringComparer.Ordinal));

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();

    private sealed record State(string Pieces, string Publications, string Posts, string Calls, string Costs, string Rows, bool BookedAsIncurred);

    /// <summary>A fault point that is armed until this is disposed of.</summary>
    private sealed class ArmedFault : IDisposable
    {
        private readonly string file;
        private bool fired;

        public ArmedFault(Installation empire, string point, int passes = 0)
        {
            file = Path.Combine(empire.Faults, point);
            File.WriteAllText(file, passes.ToString());
        }

        public bool HasFired => fired |= File.Exists($"{file}.fired");

        public void Dispose()
        {
            _ = HasFired;
            File.Delete(file);
            File.Delete($"{file}.fired");
        }
    }
}
