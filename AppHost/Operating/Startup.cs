using System.Diagnostics;

namespace Empire.AppHost.Operating;

/// <summary>Shows a start as it goes: a line for each resource that becomes healthy, or that ends.</summary>
internal static class Startup
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private const int MostRestarts = 6; // about half a minute of back-off: what has not come up by then will not

    /// <param name="pid">The orchestrator's process; the state on disk may still be an earlier one's.</param>
    /// <returns>0 when every resource is healthy.</returns>
    public static async Task<int> FollowAsync(Installation installation, int pid)
    {
        var clock = Stopwatch.StartNew();
        var healthy = new HashSet<string>();
        var restarts = new Dictionary<string, int>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        do
        {
            if (!File.Exists($"/proc/{pid}/stat")) return await FailAsync(installation, "The start failed:");
            if (installation.ReadState() is not { Orchestrator: { } orchestrator } state || orchestrator.Pid != pid) continue;
            foreach (var resource in state.Resources)
            {
                if (resource.IsThere && healthy.Add(resource.Name)) Console.WriteLine($"  ✓ {resource.Name,-14} {resource.Address,-26} {clock.Elapsed.TotalSeconds,6:0.0} s");
                if (resource.Restarts > restarts.GetValueOrDefault(resource.Name)) Console.WriteLine($"  ! {resource.Name,-14} started again: {resource.Reason ?? "ended"}; see ./empire logs {resource.Name}");
                restarts[resource.Name] = resource.Restarts;
            }
            if (state.Resources.Count > 0 && state.Resources.All(r => r.IsThere)) return 0;
            if (clock.Elapsed > Patience || state.Resources.Any(r => !r.IsThere && r.Restarts > MostRestarts)) return Report(state, clock.Elapsed);
        }
        while (await timer.WaitForNextTickAsync());
        return 1;
    }

    private static int Report(Installation.State state, TimeSpan after)
    {
        Console.WriteLine($"Not healthy after {after.TotalSeconds:0} s:");
        foreach (var resource in state.Resources.Where(r => !r.IsThere)) Console.WriteLine($"  ✗ {resource.Name,-14} {resource.State}: {resource.Reason ?? $"see ./empire logs {resource.Name}"}");
        return 1;
    }

    private static async Task<int> FailAsync(Installation installation, string headline)
    {
        await Console.Error.WriteLineAsync(headline);
        var console = Path.Combine(installation.Settings.Home, "console.log");
        if (File.Exists(console)) foreach (var line in File.ReadLines(console).Where(line => !line.StartsWith("   at ", StringComparison.Ordinal)).TakeLast(20)) await Console.Error.WriteLineAsync("  " + line);
        return 1;
    }
}
