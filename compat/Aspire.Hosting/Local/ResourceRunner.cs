using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using static Aspire.Hosting.ApplicationModel.KnownResourceStates;

namespace Aspire.Hosting.Local;

/// <summary>The life of one replica of one resource: wait for what it needs, start, watch, start again after a crash, stop.</summary>
internal sealed class ResourceRunner(
    IResource resource, int replica, string instance, bool runsOnce, IReadOnlyList<IResource> children, Launch launch, Probes probes, LogBook logs, StateFile state,
    ResourceNotificationService board, IDistributedApplicationEventing events, IServiceProvider services, IOptions<LocalOrchestratorOptions> options, TimeProvider clock) : IDisposable
{
    private const int FailuresUntilUnhealthy = 3; // one slow answer is not an outage
    private static readonly TimeSpan ProbeWhileStarting = TimeSpan.FromMilliseconds(200), ProbeWhenHealthy = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _command = new(1, 1);
    private readonly ResourceLog _log = logs.For(instance);
    private CancellationTokenSource? _life;
    private Task _living = Task.CompletedTask;
    private bool _announced;

    public IResource Resource => resource;
    public string Instance => instance;

    /// <summary>Begins the life of the replica, unless it lives already.</summary>
    public Task StartAsync() => CommandAsync(Begin);

    /// <summary>Ends its process in good order, or kills it after the grace; then it stays stopped.</summary>
    public Task StopAsync() => CommandAsync(EndAsync);

    public Task RestartAsync() => CommandAsync(async () =>
    {
        await EndAsync();
        await Begin();
    });

    public void Dispose()
    {
        _life?.Dispose();
        _command.Dispose();
    }

    private async Task CommandAsync(Func<Task> command)
    {
        await _command.WaitAsync();
        try
        {
            await command();
        }
        finally
        {
            _command.Release();
        }
    }

    private Task Begin()
    {
        if (!_living.IsCompleted) return Task.CompletedTask;
        _life?.Dispose();
        _life = new CancellationTokenSource();
        _living = Task.Run(() => LiveAsync(_life.Token));
        return Task.CompletedTask;
    }

    private async Task EndAsync()
    {
        if (_life is not null) await _life.CancelAsync();
        await _living;
    }

    private async Task LiveAsync(CancellationToken life)
    {
        var delay = options.Value.FirstRestartDelay;
        try
        {
            while (true)
            {
                var up = Stopwatch.StartNew();
                var code = await RunOnceAsync(life);
                if (code == 0 && (runsOnce || resource is ExecutableResource))
                {
                    Post(s => s with { State = Finished, ExitCode = code });
                    return;
                }
                if (runsOnce)
                {
                    logs.Say($"{instance} ended with {code}");
                    Post(s => s with { State = code is null ? FailedToStart : Exited, ExitCode = code });
                    return;
                }
                if (up.Elapsed > options.Value.StableAfter) delay = options.Value.FirstRestartDelay;
                logs.Say($"{instance} {(code is null ? "could not be started" : $"ended unexpectedly with {code}")}; next start in {delay.TotalSeconds:0.0} s");
                Post(s => s with { State = code is null ? FailedToStart : Exited, ExitCode = code, Restarts = s.Restarts + 1, Reason = code is null ? s.Reason : $"ended with {code}" });
                await Task.Delay(delay, clock, life);
                delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, options.Value.MaxRestartDelay.Ticks));
            }
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            Post(s => s with { State = Exited, ExitCode = null, Reason = null });
        }
    }

    /// <returns>The exit code; null when there was no process.</returns>
    private async Task<int?> RunOnceAsync(CancellationToken life)
    {
        ChildProcess process;
        NativeProgram program;
        try
        {
            Post(s => s with { State = Waiting });
            await WaitForDependenciesAsync(life);
            Post(s => s with { State = Starting });
            await events.PublishAsync(new BeforeResourceStartedEvent(resource, services), life);
            program = await launch.PrepareAsync(resource, replica, instance, life);
            process = ChildProcess.Start(program, options.Value.DieTogether, _log.Write);
        }
        catch (Exception e) when (!life.IsCancellationRequested) // whatever a preparation throws is said, and tried again
        {
            _log.Write($"Could not be started: {e.Message}");
            Post(s => s with { Reason = e.Message });
            return null;
        }

        using (process)
        {
            state.Record(process.Identity);
            Post(s => s with { State = Running, ProcessId = process.Identity.Pid, StartTimeStamp = clock.GetUtcNow(), HealthStatus = null, Reason = null });
            using var watch = CancellationTokenSource.CreateLinkedTokenSource(life);
            var watching = WatchHealthAsync(watch.Token);
            try
            {
                return await process.Exit.WaitAsync(life);
            }
            catch (OperationCanceledException)
            {
                Post(s => s with { State = Stopping });
                var servers = resource is ContainerResource ? 2 : 1;
                if (!await process.StopAsync(program.StopSignal, options.Value.StopGrace * servers)) logs.Say($"{instance} did not end in time and was killed");
                throw;
            }
            finally
            {
                await watch.CancelAsync();
                await watching;
                state.Forget(process.Identity);
                Post(s => s with { HealthStatus = null, ProcessId = null });
            }
        }
    }

    private async Task WaitForDependenciesAsync(CancellationToken life)
    {
        foreach (var wait in resource.Annotations.OfType<WaitAnnotation>())
        {
            var names = wait.Resource is IResourceWithoutLifetime ? [] : Replicas.NamesOf(wait.Resource);
            foreach (var name in names)
            {
                Post(s => s with { Reason = $"waits for {name}" });
                await board.WaitForResourceAsync(wait.Resource.Name, e => e.ResourceId == name && wait.WaitType switch
                {
                    WaitType.WaitForCompletion => e.Snapshot.ExitCode == wait.ExitCode && TerminalStates.Contains(e.Snapshot.State!),
                    WaitType.WaitUntilStarted => e.Snapshot.State == Running,
                    _ => e.Snapshot.IsHealthy,
                }, life);
            }
        }
        Post(s => s with { Reason = null });
    }

    private async Task WatchHealthAsync(CancellationToken ct)
    {
        var failures = 0;
        try
        {
            for (var healthy = false; ; await Task.Delay(healthy ? ProbeWhenHealthy : ProbeWhileStarting, clock, ct))
            {
                var trouble = await probes.AskAsync(resource, replica, ct);
                if (trouble is null)
                {
                    if (!healthy) await BecomeReadyAsync(ct);
                    (healthy, failures) = (true, 0);
                    PostHealth(HealthStatus.Healthy, null);
                }
                else if (!healthy || ++failures >= FailuresUntilUnhealthy)
                {
                    healthy = false;
                    PostHealth(HealthStatus.Unhealthy, trouble);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
        catch (Exception e) // a subscriber of ResourceReady failed; the process runs, but nobody may rely on it
        {
            _log.Write($"Could not be made ready: {e.Message}");
            PostHealth(HealthStatus.Unhealthy, e.Message);
        }
    }

    private async Task BecomeReadyAsync(CancellationToken ct)
    {
        if (resource.TryGetLastAnnotation<NativeServerAnnotation>(out var server)) await server.ReadyAsync(ct);
        if (_announced) return;
        _announced = true;
        await events.PublishAsync(new ResourceReadyEvent(resource, services), ct);
        foreach (var child in children) await events.PublishAsync(new ResourceReadyEvent(child, services), ct);
    }

    private void PostHealth(HealthStatus status, string? reason)
    {
        Post(s => s with { HealthStatus = status, Reason = reason });
        foreach (var child in children) board.Publish(child, child.Name, s => s with { State = Running, HealthStatus = status });
    }

    private void Post(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) => board.Publish(resource, instance, change);
}

internal static class Replicas
{
    /// <summary>"content" alone, or "content-0", "content-1" where there are several.</summary>
    public static IReadOnlyList<string> NamesOf(IResource resource) =>
        resource.GetReplicaCount() is var count and > 1 ? [.. Enumerable.Range(0, count).Select(i => $"{resource.Name}-{i}")] : [resource.Name];
}
