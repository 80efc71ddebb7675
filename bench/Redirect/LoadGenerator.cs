using System.Diagnostics;

namespace Empire.Bench.Redirect;

/// <summary>Many browsers that follow links as fast as they are answered. wrk where it is installed (it takes least from the servers), HttpClient elsewhere.</summary>
internal abstract class LoadGenerator
{
    public const string Browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

    public abstract string Description { get; }

    public static LoadGenerator Choose() =>
        Bench.Wrk.IsInstalled ? new Wrk() : new Clients();

    /// <param name="codes">Of links that exist.</param>
    /// <exception cref="InvalidOperationException">Something else than 302 was answered.</exception>
    public abstract Task<LoadResult> RunAsync(Uri address, IReadOnlyList<string> codes, int connections, TimeSpan duration, CancellationToken ct);

    private sealed class Wrk : LoadGenerator
    {
        public override string Description => "wrk, one thread";

        public override async Task<LoadResult> RunAsync(Uri address, IReadOnlyList<string> codes, int connections, TimeSpan duration, CancellationToken ct)
        {
            var script = Path.GetTempFileName();
            await File.WriteAllTextAsync(script,
                $$"""
                local codes = { {{string.Join(", ", codes.Select(code => $"\"{code}\""))}} }
                local requests, i = {}, 0
                function init(args)
                  wrk.headers["User-Agent"] = "{{Browser}}"
                  for _, code in ipairs(codes) do table.insert(requests, wrk.format("GET", "/r/" .. code)) end
                end
                function request()
                  i = i % #requests + 1
                  return requests[i]
                end
                """, ct);
            try
            {
                return await Bench.Wrk.RunAsync(address, connections, duration, ct, "-s", script);
            }
            finally { File.Delete(script); }
        }
    }

    private sealed class Clients : LoadGenerator
    {
        public override string Description => "HttpClient in this process (wrk is not installed; it would take less from the servers)";

        public override async Task<LoadResult> RunAsync(Uri address, IReadOnlyList<string> codes, int connections, TimeSpan duration, CancellationToken ct)
        {
            using var client = Visitors.Client(address, connections);
            var started = Stopwatch.GetTimestamp();
            var latencies = await Task.WhenAll(Enumerable.Range(0, connections).Select(async visitor =>
            {
                List<double> milliseconds = [];
                for (var i = visitor; Stopwatch.GetElapsedTime(started) < duration; i++)
                {
                    var sent = Stopwatch.GetTimestamp();
                    await Visitors.FollowAsync(client, codes[i % codes.Count], ct);
                    milliseconds.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                }
                return milliseconds;
            }));
            var elapsed = Stopwatch.GetElapsedTime(started);
            var all = latencies.SelectMany(list => list).Order().ToList();
            return new(all.Count, elapsed, $"{all[all.Count / 2]:0.00}ms", $"{all[all.Count * 99 / 100]:0.00}ms");
        }
    }
}
