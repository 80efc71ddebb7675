using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Empire.EndToEnd.Tests;

/// <summary>Whatever is sent to the API, the answer is an answer: never a fault of ours, never silence, and nothing piles up.</summary>
[Collection(InstallationCollection.Name)]
public sealed class FuzzTests(Installation empire)
{
    private const int AtOnce = 16;
    private const long MayGrow = 150L << 20;   // caches and pools fill up; what leaks goes on growing
    private const double LeastDone = 0.08, LeastTold = 0.2;   // a run has shown 0.14 and 0.35
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);   // the gateway itself gives up on a service after 60

    [Fact]
    public Task Spoiled_requests_get_answers() => FuzzAsync(2_000, seed: 1);

    [Fact, Trait("Category", "chaos")]
    public async Task Fifty_thousand_spoiled_requests_get_answers_and_leave_no_trace_in_memory()
    {
        await FuzzAsync(5_000, seed: 2);   // so that everything has been loaded once
        var before = await MemoryAsync();
        await FuzzAsync(45_000, seed: 3);
        var after = await MemoryAsync();
        Assert.All(after, service => Assert.True(service.Value - before[service.Key] < MayGrow, $"{service.Key} grew from {before[service.Key] >> 20} to {service.Value >> 20} MiB"));
    }

    private async Task FuzzAsync(int count, int seed)
    {
        await empire.HealthyAsync();
        using var shop = new Shop(empire.Sandbox);
        using var account = await empire.NewTenantAsync($"fuzz {seed}");
        await account.FurnishAsync(await shop.FeedAsync(60 + seed, 1));
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = empire.Gateway, Timeout = Patience };
        client.DefaultRequestHeaders.Authorization = account.DefaultRequestHeaders.Authorization as AuthenticationHeaderValue;
        var document = await account.GetJsonAsync("/openapi/v1.json");
        // The key that they all come with must outlive them.
        var ids = (await account.IdsAsync(ApiOperation.All(document))).Where(id => !id.StartsWith("key_", StringComparison.Ordinal)).ToList();
        var requests = new MalformedRequests(document, seed, ids);
        Assert.True(requests.Operations > 100, $"The document names only {requests.Operations} operations.");
        var processes = await ProcessesAsync();
        var faults = new ConcurrentBag<string>();
        var (done, told) = (0, 0);
        var made = Enumerable.Range(0, count).Select(requests.Next).ToList();
        await Parallel.ForEachAsync(made, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, ct) =>
        {
            using var request = one.Request;
            try
            {
                using var answer = await client.SendAsync(request, ct);
                var body = await answer.Content.ReadAsStringAsync(ct);
                if ((int)answer.StatusCode >= 500 && answer.StatusCode is not HttpStatusCode.NotImplemented) faults.Add($"{(int)answer.StatusCode} {body} ← {one.Told}");
                else if (answer.IsSuccessStatusCode) Interlocked.Increment(ref done);
                else if (answer.StatusCode == HttpStatusCode.BadRequest && body.Contains("\"errors\":{", StringComparison.Ordinal)) Interlocked.Increment(ref told);
                else if ((int)answer.StatusCode >= 400 && request.RequestUri!.ToString().StartsWith("/api/v1", StringComparison.Ordinal) && !HasCode(body)) faults.Add($"no code: {(int)answer.StatusCode} {body} ← {one.Told}");
            }
            catch (Exception e) when (e is HttpRequestException { InnerException: IOException } or IOException)
            {
                // A body beyond the limit: the gateway has answered and hung up while it was still being sent.
                if (!one.Told.Contains("[huge]", StringComparison.Ordinal)) faults.Add($"{e.Message} ← {one.Told}");
            }
            catch (OperationCanceledException)
            {
                faults.Add($"silence ← {one.Told}");
            }
        });
        await empire.HealthyAsync();
        Assert.True(faults.IsEmpty, $"{faults.Count} of {count}:\n{string.Join('\n', faults.Take(15))}");
        Assert.Equal(processes, await ProcessesAsync());   // what fell over was started anew, under another number
        // Else they were turned away before anything looked into them.
        Assert.True(done > count * LeastDone && told > count * LeastTold, $"Of {count} requests {done} were done and {told} refused by field.");
    }

    private static bool HasCode(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind is JsonValueKind.Object && json.RootElement.TryGetProperty("code", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private async Task<Dictionary<string, long>> MemoryAsync()
    {
        var memory = new Dictionary<string, long>();
        foreach (var (name, id) in await ProcessesAsync())
        {
            using var process = Process.GetProcessById(id);
            memory[name] = process.WorkingSet64;
        }
        return memory;
    }

    /// <summary>Our own, by name.</summary>
    private async Task<SortedDictionary<string, int>> ProcessesAsync() =>
        new((await empire.StatusAsync()).GetProperty("resources").EnumerateArray().Where(resource => resource.GetProperty("name").GetString() is not ("postgres" or "redis" or "messaging" or "sandbox"))
            .ToDictionary(resource => resource.GetProperty("name").GetString()!, resource => resource.GetProperty("pid").GetInt32()), StringComparer.Ordinal);
}
