using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Empire.Health;

/// <summary>Memory in use against what there is of it: of this process against a configured limit, else of its control group against that group's, else of the machine.</summary>
/// <param name="Whose">In words.</param>
public readonly record struct MemoryUse(long UsedBytes, long LimitBytes, string Whose)
{
    /// <summary>In hundredths. From the second on, the kernel is about to end processes.</summary>
    private const int Tight = 90, Full = 97;

    /// <summary>Megabytes; where it is set it counts instead of what the control group allows or the machine has.</summary>
    public const string LimitSetting = "Health:MemoryLimitMegabytes";

    private const string Groups = "/sys/fs/cgroup";

    /// <param name="limitMegabytes">Null: what the control group or the machine says.</param>
    public static MemoryUse Now(long? limitMegabytes)
    {
        if (limitMegabytes is { } megabytes)
        {
            using var self = Process.GetCurrentProcess();
            return new(self.WorkingSet64, megabytes * 1024 * 1024, "this process's limit");
        }
        var machine = OfMachine();
        return OfControlGroup() is { } group && (machine is not { } whole || group.LimitBytes < whole.LimitBytes) ? group : machine ?? OfRuntime();
    }

    /// <returns>Degraded from 90 % on, unhealthy from 97 %.</returns>
    public (HealthStatus Status, string Reason) Judge()
    {
        var hundredths = LimitBytes > 0 ? UsedBytes * 100 / LimitBytes : 0;
        var status = hundredths >= Full ? HealthStatus.Unhealthy : hundredths >= Tight ? HealthStatus.Degraded : HealthStatus.Healthy;
        return (status, string.Create(CultureInfo.InvariantCulture, $"{UsedBytes >> 20} of {LimitBytes >> 20} MB of {Whose} are in use"));
    }

    /// <summary>The tightest group that this process is in: a pod's limit stands above its containers'. What files have in the cache is given back on demand and does not count.</summary>
    private static MemoryUse? OfControlGroup()
    {
        MemoryUse? tightest = null;
        foreach (var line in LinesOf("/proc/self/cgroup"))
        {
            var parts = line.Split(':', 3);
            if (parts.Length < 3 || (parts[1].Length > 0 && parts[1] != "memory")) continue;
            var old = parts[1] == "memory"; // version 1
            var root = old ? $"{Groups}/memory" : Groups;
            for (var path = parts[2].TrimEnd('/'); ; path = path[..path.LastIndexOf('/')])
            {
                var folder = root + path;
                if (NumberIn($"{folder}/{(old ? "memory.limit_in_bytes" : "memory.max")}") is { } limit and < 1L << 60 && NumberIn($"{folder}/{(old ? "memory.usage_in_bytes" : "memory.current")}") is { } used
                    && (tightest is not { } other || limit < other.LimitBytes))
                    tightest = new(Math.Max(0, used - FieldOf($"{folder}/memory.stat", old ? "total_inactive_file" : "inactive_file")), limit, "the container");
                if (path.Length == 0) break;
            }
        }
        return tightest;
    }

    private static MemoryUse? OfMachine() =>
        FieldOf("/proc/meminfo", "MemTotal:") is > 0 and var total ? new((total - FieldOf("/proc/meminfo", "MemAvailable:")) * 1024, total * 1024, "the machine") : null;

    /// <summary>Elsewhere than on Linux.</summary>
    private static MemoryUse OfRuntime()
    {
        var memory = GC.GetGCMemoryInfo(GCKind.Any);
        return new(Environment.WorkingSet, memory.TotalAvailableMemoryBytes, "what is there for this process");
    }

    private static long? NumberIn(string file) => long.TryParse(LinesOf(file).FirstOrDefault(), CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <returns>0 where there is none of that name.</returns>
    private static long FieldOf(string file, string name) =>
        LinesOf(file).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).FirstOrDefault(words => words.Length >= 2 && words[0] == name) is { } found
            && long.TryParse(found[1], CultureInfo.InvariantCulture, out var value) ? value : 0;

    private static string[] LinesOf(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
