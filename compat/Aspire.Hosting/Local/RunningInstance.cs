namespace Aspire.Hosting.Local;

/// <summary>The orchestrator that holds, or last held, the home folder; and what it may have left behind.</summary>
internal sealed class RunningInstance(HomeFolder home)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2), Grace = TimeSpan.FromSeconds(10);

    /// <summary>The one that runs now; null when none does.</summary>
    public InstanceState? Find() => HomeFolder.Read<InstanceState>(home.StateFile) is { Orchestrator: { } orchestrator } state && orchestrator.IsAlive ? state : null;

    /// <summary>Ends the running orchestrator in good order, then whatever survived it.</summary>
    public async Task StopAsync(Action<string> say, CancellationToken ct)
    {
        if (Find()?.Orchestrator is { } orchestrator)
        {
            say($"Stopping (process {orchestrator.Pid})");
            orchestrator.Signal(ProcessIdentity.SigTerm);
            if (!await orchestrator.WaitForExitAsync(Patience, ct))
            {
                say($"The orchestrator did not end within {Patience.TotalSeconds:0} s and is killed");
                orchestrator.Signal(ProcessIdentity.SigKill);
                await orchestrator.WaitForExitAsync(Grace, ct);
            }
        }
        await CleanUpAsync(say, ct);
        say("Stopped");
    }

    /// <summary>Ends exactly the processes that an orchestrator of this home started and did not live to stop: those it recorded, told from
    /// strangers of the same number by their start, and those that carry its mark in their environment.</summary>
    public async Task CleanUpAsync(Action<string> say, CancellationToken ct)
    {
        var left = Leftovers();
        if (left.Count == 0) return;
        say($"Cleaning up {left.Count} process{(left.Count == 1 ? "" : "es")} of an earlier run: {string.Join(", ", left.Select(p => p.Pid).Order())}");
        foreach (var process in left) process.Signal(ProcessIdentity.SigTerm);
        await Task.WhenAll(left.Select(process => process.WaitForExitAsync(Grace, ct)));
        foreach (var process in Leftovers()) process.Signal(ProcessIdentity.SigKill); // again from the start: a dying parent may have started another
        await Task.WhenAll(left.Select(process => process.WaitForExitAsync(Grace, ct)));
    }

    private HashSet<ProcessIdentity> Leftovers()
    {
        var left = new HashSet<ProcessIdentity>((HomeFolder.Read<InstanceState>(home.StateFile)?.Processes ?? []).Where(process => process.IsAlive));
        var mark = $"{Launch.Marker}={home.Path}";
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid) || pid == Environment.ProcessId) continue;
            try
            {
                if (File.ReadAllText($"{folder}/environ").Split('\0').Contains(mark) && ProcessIdentity.Of(pid) is { } marked) left.Add(marked);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) // gone meanwhile, or another user's
            {
            }
        }
        return left;
    }
}
