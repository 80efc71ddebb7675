using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Empire.Bench;

/// <param name="Answers">Complete answers, all of them 2xx or 3xx.</param>
internal sealed record LoadResult(long Answers, TimeSpan Elapsed, string Median, string P99)
{
    public double PerSecond => Answers / Elapsed.TotalSeconds;

    public override string ToString() => $"{PerSecond,9:N0}/s   p50 {Median}, p99 {P99}";
}

/// <summary>The load generator wrk, which takes least from the servers it measures.</summary>
internal static partial class Wrk
{
    public static bool IsInstalled => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "wrk")));

    /// <param name="options">Beside threads, connections and duration: headers, a script.</param>
    /// <exception cref="InvalidOperationException">An answer of 4xx or 5xx, or a broken connection: such a run measures nothing.</exception>
    public static Task<LoadResult> RunAsync(Uri address, int connections, TimeSpan duration, CancellationToken ct, params string[] options) => RunAsync(address, connections, duration, refusals: false, ct, options);

    /// <param name="refusals">Answers of 4xx count as well: somebody is meant to be sent away.</param>
    public static async Task<LoadResult> RunAsync(Uri address, int connections, TimeSpan duration, bool refusals, CancellationToken ct, params string[] options)
    {
        var start = new ProcessStartInfo("wrk", ["-t1", $"-c{connections}", $"-d{duration.TotalSeconds:0}s", "--latency", "--timeout", "30s", .. options, address.AbsoluteUri])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        };
        using var wrk = Process.Start(start)!;
        var output = await wrk.StandardOutput.ReadToEndAsync(ct);
        await wrk.WaitForExitAsync(ct);
        if (Trouble().Matches(output).FirstOrDefault(trouble => !refusals || trouble.Value.StartsWith("Socket", StringComparison.Ordinal)) is { } trouble) throw new InvalidOperationException($"wrk met trouble: {trouble.Value}");
        var requests = Requests().Match(output);
        var elapsed = TimeSpan.FromSeconds(double.Parse(requests.Groups[2].Value.TrimEnd('s'), CultureInfo.InvariantCulture));
        return new(long.Parse(requests.Groups[1].Value, CultureInfo.InvariantCulture), elapsed, Percentile(output, "50"), Percentile(output, "99"));
    }

    private static string Percentile(string output, string percent) => Regex.Match(output, $@"^\s*{percent}%\s+(\S+)", RegexOptions.Multiline).Groups[1].Value;

    [GeneratedRegex(@"(\d+) requests in ([\d.]+s)")]
    private static partial Regex Requests();

    [GeneratedRegex("Non-2xx or 3xx responses: .*|Socket errors: .*")]
    private static partial Regex Trouble();
}
