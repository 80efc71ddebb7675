using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Local;

/// <summary>What <c>state.json</c> tells other programs, and the next orchestrator, of this one.</summary>
/// <param name="Orchestrator">Null when it ended in good order.</param>
/// <param name="Processes">Every process started and not yet seen to end.</param>
internal sealed record InstanceState(ProcessIdentity? Orchestrator, string? Dashboard, IReadOnlyList<ResourceState> Resources, IReadOnlyList<ProcessIdentity> Processes);

/// <param name="Health">"Healthy", "Unhealthy" or "Unknown".</param>
internal sealed record ResourceState(string Name, string Type, string State, string Health, string? Address, int? Pid, int Restarts, string? Reason, IReadOnlyDictionary<string, string>? Endpoints);

/// <summary>Keeps <c>state.json</c> true: a started process is in it before anything else happens, other changes follow at once but gathered.</summary>
internal sealed class StateFile(HomeFolder home, ResourceNotificationService board)
{
    private readonly Lock _gate = new();
    private readonly HashSet<ProcessIdentity> _processes = [];

    public string? Dashboard { get; set; }

    public void Record(ProcessIdentity process)
    {
        lock (_gate)
        {
            _processes.Add(process);
            Write();
        }
    }

    public void Forget(ProcessIdentity process)
    {
        lock (_gate) _processes.Remove(process);
    }

    public async Task FollowAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var _ in board.WatchAsync(ct))
            {
                lock (_gate) Write();
                await Task.Delay(TimeSpan.FromMilliseconds(100), ct); // a burst of changes is one write: the last one
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>The last word: everything ended.</summary>
    public void Close()
    {
        lock (_gate) Write(over: true);
    }

    /// <summary>A disk that is full must stop nobody: the next change writes all of it again.</summary>
    private void Write(bool over = false)
    {
        try { HomeFolder.Write(home.StateFile, Now(over)); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
    }

    private InstanceState Now(bool over) => new(
        over ? null : ProcessIdentity.Of(Environment.ProcessId), over ? null : Dashboard,
        [.. board.Current.Where(e => e.Snapshot.Address is not null || e.Resource is ProjectResource or ExecutableResource or ContainerResource).OrderBy(e => e.ResourceId, StringComparer.Ordinal).Select(ToState)],
        [.. _processes]);

    private static ResourceState ToState(ResourceEvent e) => new(e.ResourceId, e.Snapshot.ResourceType, e.Snapshot.State ?? KnownResourceStates.NotStarted,
        e.Snapshot.HealthStatus switch { HealthStatus.Healthy => "Healthy", null => "Unknown", _ => "Unhealthy" }, e.Snapshot.Address, e.Snapshot.ProcessId, e.Snapshot.Restarts, e.Snapshot.Reason, e.Snapshot.Endpoints);
}
