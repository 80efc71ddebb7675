using System.Diagnostics;
using System.Net.Http.Headers;

namespace Empire.Bench.Gateway;

/// <summary>One customer's program: so many requests a second, whether or not the ones before are answered. A wait counts from when the request was due, so that a
/// server that stalls is not let off for the requests it held up.</summary>
internal static class PacedClient
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    /// <exception cref="HttpRequestException">An answer other than success: such a run measures nothing.</exception>
    public static async Task<Latencies> RunAsync(Uri address, string? key, int perSecond, TimeSpan duration, CancellationToken ct)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        if (key is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var begin = Stopwatch.GetTimestamp();
        var asked = new List<Task<TimeSpan>>();
        while (Stopwatch.GetElapsedTime(begin) is var now && now < duration)
        {
            while (TimeSpan.FromSeconds((double)asked.Count / perSecond) is var due && due <= now) asked.Add(AskAsync(client, address, begin, due, ct));
            await Task.Delay(Tick, ct);
        }
        var latencies = new Latencies();
        foreach (var elapsed in await Task.WhenAll(asked)) latencies.Add(elapsed);
        return latencies;
    }

    private static async Task<TimeSpan> AskAsync(HttpClient client, Uri address, long begin, TimeSpan due, CancellationToken ct)
    {
        using var answer = await client.GetAsync(address, ct);
        answer.EnsureSuccessStatusCode();
        await answer.Content.CopyToAsync(Stream.Null, ct);
        return Stopwatch.GetElapsedTime(begin) - due;
    }
}
