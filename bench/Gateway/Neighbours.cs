using System.Net.Http.Headers;
using System.Text.Json;

namespace Empire.Bench.Gateway;

/// <summary>Two accounts at one door: what the first one waits, alone and while the second asks fifty times as often.</summary>
internal sealed class Neighbours(Uri gateway, Uri bareProxy, string ownerKey)
{
    private const int Rounds = 3;
    private const int PerSecond = 40, TimesAsMany = 50, Connections = 50;
    public const string Path = "api/v1/telemetry/agents";   // counted by the hour, and not against a month
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(12);

    public async Task RunAsync(CancellationToken ct)
    {
        var (quiet, loud, spent) = (await AccountAsync("quiet", "professional", ct), await AccountAsync("loud", "enterprise", ct), await AccountAsync("spent", "free", ct));
        var address = new Uri(gateway, Path);
        await PacedClient.RunAsync(address, quiet, PerSecond, Round / 4, ct);
        Dictionary<string, List<Latencies>> seen = [];
        for (var round = 0; round < Rounds; round++)
        {
            Note("bare YARP", await PacedClient.RunAsync(new Uri(bareProxy, Path), null, PerSecond, Round, ct));
            Note("gateway, alone", await PacedClient.RunAsync(address, quiet, PerSecond, Round, ct));
            Note("beside a loud one", await BesideAsync(address, quiet, loud, ct));
            Note("beside a refused one", await BesideAsync(address, quiet, spent, ct));
        }
        Console.WriteLine($"one account at {PerSecond} requests a second, counted in Redis; the other at {PerSecond * TimesAsMany}, served or refused; {Rounds} rounds of {Round.TotalSeconds} s, taken in turn; the median round");
        foreach (var (name, rounds) in seen) Console.WriteLine($"  {name,-24}p50 {Median(rounds, 0.5):0.00} ms, p99 {Median(rounds, 0.99):0.00} ms");
        Console.WriteLine($"  the gateway adds        p50 {Median(seen["gateway, alone"], 0.5) - Median(seen["bare YARP"], 0.5):0.00} ms, p99 {Median(seen["gateway, alone"], 0.99) - Median(seen["bare YARP"], 0.99):0.00} ms");
        foreach (var name in (string[])["beside a loud one", "beside a refused one"])
            Console.WriteLine($"  {name,-24}p99 moves by {(Median(seen[name], 0.99) / Median(seen["gateway, alone"], 0.99) - 1) * 100:0} % (aim below 15)");

        void Note(string name, Latencies latencies) => (seen.TryGetValue(name, out var rounds) ? rounds : seen[name] = []).Add(latencies);
    }

    private static async Task<Latencies> BesideAsync(Uri address, string quiet, string other, CancellationToken ct)
    {
        var script = System.IO.Path.GetTempFileName();
        await File.WriteAllTextAsync(script, $"function delay() return {1000 * Connections / (PerSecond * TimesAsMany)} end", ct);
        try
        {
            var noise = Wrk.RunAsync(address, Connections, Round + TimeSpan.FromSeconds(2), refusals: true, ct, "-s", script, "-H", $"Authorization: Bearer {other}");
            await Task.Delay(TimeSpan.FromSeconds(1), ct);
            var latencies = await PacedClient.RunAsync(address, quiet, PerSecond, Round, ct);
            var made = await noise;
            if (made.PerSecond < PerSecond * TimesAsMany * 0.8) Console.WriteLine($"  (the other came only to {made.PerSecond:0} a second)");
            return latencies;
        }
        finally { File.Delete(script); }
    }

    /// <returns>The account's key.</returns>
    public async Task<string> AccountAsync(string name, string tier, CancellationToken ct)
    {
        using var owner = new HttpClient { BaseAddress = gateway };
        owner.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ownerKey);
        using var made = await owner.PostAsJsonAsync("/api/v1/tenants", new { name }, ct);
        made.EnsureSuccessStatusCode();
        var account = await made.Content.ReadFromJsonAsync<JsonElement>(ct);
        using var moved = await owner.PatchAsJsonAsync($"/admin/tenants/{account.GetProperty("tenant").GetString()}", new { tier }, ct);
        moved.EnsureSuccessStatusCode();
        return account.GetProperty("api_key").GetString()!;
    }

    /// <summary>Of several rounds, what the middle one says.</summary>
    private static double Median(List<Latencies> rounds, double share) => rounds.Select(round => round.Percentile(share)).Order().ElementAt(rounds.Count / 2);
}
