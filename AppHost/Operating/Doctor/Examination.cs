using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Empire.AppHost.Operating.Doctor;

/// <summary><c>./empire doctor</c>: is every server and provider reachable, and are the credentials good?</summary>
internal static partial class Examination
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <returns>0 when nothing failed, otherwise 1.</returns>
    public static async Task<int> RunAsync(Installation installation, bool asJson)
    {
        using var http = new HttpClient { Timeout = Patience };
        var secrets = installation.SecretValues();
        var findings = await Task.WhenAll(
            MachineChecks.All(installation)
                .Concat(ServerChecks.All(installation))
                .Concat(ProviderChecks.All(installation, http))
                .Append(MailCheck.For(installation))
                .Append(CertificateCheck.For(installation))
                .Select(check => check.Probe is null ? Task.FromResult(Finding.Skip(check.Name, check.Skipped!)) : ExamineAsync(check.Name, check.Probe, secrets)));
        if (asJson) Console.WriteLine(JsonSerializer.Serialize(new { Healthy = findings.All(f => f.Outcome != "fail"), Checks = findings }, Json));
        else foreach (var finding in findings) Console.WriteLine($"{Mark(finding.Outcome)} {finding.Outcome,-5}{finding.Name,-14}{finding.Reason}");
        return findings.Any(f => f.Outcome == "fail") ? 1 : 0;
    }

    private static async Task<Finding> ExamineAsync(string name, Probe probe, IReadOnlyList<string> secrets)
    {
        var started = Stopwatch.GetTimestamp();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return Finding.Pass(name, Clean($"{await probe(patience.Token)} ({Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms)", secrets));
        }
        catch (OperationCanceledException)
        {
            return Finding.Fail(name, $"No answer within {Patience.TotalSeconds:0} s.");
        }
#pragma warning disable CA1031 // whatever goes wrong in a check is its finding
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Finding.Fail(name, Clean((e.InnerException ?? e).Message, secrets));
        }
    }

    /// <summary>One line without anything that opens a door: a server may repeat the key it refuses, whole or in parts.</summary>
    internal static string Clean(string text, IReadOnlyList<string> secrets)
    {
        foreach (var secret in secrets) text = text.Replace(secret, "***", StringComparison.Ordinal);
        return LineBreaks().Replace(KeyLike().Replace(text, "***"), " ").Trim();
    }

    private static string Mark(string outcome) => outcome switch { "pass" => "●", "fail" => "✗", _ => "○" };

    [GeneratedRegex(@"\b(?:sk|rk|pk|gopt|SG|FLWSECK|whsec)[-_.][A-Za-z0-9_\-*.]{6,}", RegexOptions.CultureInvariant)]
    private static partial Regex KeyLike();

    [GeneratedRegex(@"\s*[\r\n]+\s*", RegexOptions.CultureInvariant)]
    private static partial Regex LineBreaks();
}

/// <param name="Probe">Null where there is nothing to check.</param>
/// <param name="Skipped">Why not, then.</param>
internal sealed record Check(string Name, Probe? Probe, string? Skipped = null);
