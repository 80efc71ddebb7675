using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Empire.AppHost.Operating;

/// <summary>Starts a cycle through the gateway, as the owner, and shows its steps.</summary>
internal static class Cycle
{
    private const string Cycles = "/api/v1/autopilot/cycles", Feeds = "/api/v1/autopilot/feeds";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <param name="feed">A CSV file of the owner's products; null takes the affiliate networks'.</param>
    public static async Task<int> RunAsync(Installation installation, string? feed, bool wait)
    {
        using var gateway = new GatewayClient(installation);
        var feedId = feed is null ? null : await UploadAsync(gateway, feed);
        var started = await gateway.PostAsync(Cycles, JsonContent.Create(new { feed_id = feedId }));
        var id = started.GetProperty("cycle_id").GetString()!;
        Console.WriteLine($"Cycle {id} started on {started.GetProperty("source")}");
        return wait ? await FollowAsync(gateway, id) : 0;
    }

    private static async Task<string> UploadAsync(GatewayClient gateway, string file)
    {
        if (!File.Exists(file)) throw new DistributedApplicationException($"There is no file {file}.");
        using var content = new ByteArrayContent(await File.ReadAllBytesAsync(file)) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        var feed = await gateway.PostAsync(Feeds, content);
        Console.WriteLine($"Feed {Path.GetFileName(file)}: {feed.GetProperty("accepted")} products taken, {feed.GetProperty("rejected")} rows refused");
        foreach (var row in feed.GetProperty("rejections").EnumerateArray()) Console.WriteLine($"  line {row.GetProperty("line")}: {row.GetProperty("reason").GetString()}");
        return feed.GetProperty("feed_id").GetString()!;
    }

    private static async Task<int> FollowAsync(GatewayClient gateway, string id)
    {
        var shown = new Dictionary<string, string>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var cycle = await gateway.GetAsync($"{Cycles}/{id}");
            foreach (var step in cycle.GetProperty("steps").EnumerateArray()) Show(step, shown);
            switch (cycle.GetProperty("state").GetString())
            {
                case "completed":
                    var summary = cycle.GetProperty("summary");
                    Console.WriteLine($"Completed: {summary.GetProperty("pieces_generated")} pieces made, {summary.GetProperty("pieces_published")} published, cost {summary.GetProperty("cost")} {summary.GetProperty("currency").GetString()}");
                    return 0;
                case "failed" or "cancelled" or "paused":
                    Console.WriteLine($"The cycle is {cycle.GetProperty("state").GetString()}: {cycle.GetProperty("error")}");
                    return 1;
            }
            try
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new DistributedApplicationException($"The cycle did not end within {Patience.TotalMinutes:0} minutes; it goes on. Look at {Cycles}/{id}.", e);
            }
        }
    }

    private static void Show(JsonElement step, Dictionary<string, string> shown)
    {
        var name = step.GetProperty("name").GetString()!;
        var state = step.GetProperty("state").GetString()!;
        if (state is "pending") return;
        var mark = state switch { "succeeded" => "✓", "failed" => "✗", _ => "…" };
        var evidence = Evidence(step);
        var line = $"  {mark} {name,-10} {evidence}";
        if (shown.GetValueOrDefault(name) == line || (mark == "…" && evidence.Length == 0)) return;
        shown[name] = line;
        Console.WriteLine(line);
    }

    /// <summary>What the step counted, without the zeros.</summary>
    private static string Evidence(JsonElement step) => step.TryGetProperty("evidence", out var found) && found.ValueKind == JsonValueKind.Object
        ? string.Join(", ", found.EnumerateObject()
            .Where(fact => fact.Value.ValueKind is JsonValueKind.String || (fact.Value.ValueKind is JsonValueKind.Number && fact.Value.GetDecimal() != 0))
            .Select(fact => $"{fact.Name.Replace('_', ' ')} {fact.Value}"))
        : "";
}
