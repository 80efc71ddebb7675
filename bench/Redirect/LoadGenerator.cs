using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Empire.Bench.Redirect;

/// <param name="Redirects">Answers with 302.</param>
internal sealed record LoadResult(long Redirects, TimeSpan Elapsed, string Median, string P99)
{
    public double PerSecond => Redirects / Elapsed.TotalSeconds;

    public override string ToString() => $"{PerSecond,9:N0}/s   p50 {Median}, p99 {P99}";
}

/// <summary>Many browsers that follow links as fast as they are answered. wrk where it is installed (it takes least from the servers), HttpClient elsewhere.</summary>
internal abstract partial class LoadGenerator
{
    public const string Browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

    public abstract string Description { get; }

    public static LoadGenerator Choose() =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "wrk"))) ? new Wrk() : new Clients();

    /// <param name="codes">Of links that exist.</param>
    /// <exception cref="InvalidOperationException">Something else than 302 was answered.</exception>
    public abstract Task<LoadResult> RunAsync(Uri address, IReadOnlyList<string> codes, int connections, TimeSpan duration, CancellationToken ct);

    private sealed partial class Wrk : LoadGenerator
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
                var start = new ProcessStartInfo("wrk", ["-t1", $"-c{connections}", $"-d{duration.TotalSeconds:0}s", "--latency", "--timeout", "30s", "-s", script, address.AbsoluteUri])
                {
                    RedirectStandardOutput = true, UseShellExecute = false,
                };
                using var wrk = Process.Start(start)!;
                var output = await wrk.StandardOutput.ReadToEndAsync(ct);
                await wrk.WaitForExitAsync(ct);
                if (Trouble().Match(output) is { Success: true } trouble) throw new InvalidOperationException($"wrk met trouble: {trouble.Value}");
                var requests = Requests().Match(output);
                return new(long.Parse(requests.Groups[1].Value, CultureInfo.InvariantCulture), Seconds(requests.Groups[2].Value), Percentile(output, "50"), Percentile(output, "99"));
            }
            finally { File.Delete(script); }
        }

        private static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(double.Parse(text.TrimEnd('s'), CultureInfo.InvariantCulture));

        private static string Percentile(string output, string percent) => Regex.Match(output, $@"^\s*{percent}%\s+(\S+)", RegexOptions.Multiline).Groups[1].Value;

        [GeneratedRegex(@"(\d+) requests in ([\d.]+s)")]
        private static partial Regex Requests();

        [GeneratedRegex("Non-2xx or 3xx responses: .*|Socket errors: .*")]
        private static partial Regex Trouble();
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
