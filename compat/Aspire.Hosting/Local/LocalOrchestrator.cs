using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Local.Dashboard;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Local;

/// <summary>Runs the whole model on this machine: a runner for each replica, started in order of dependence and stopped in reverse.</summary>
internal sealed class LocalOrchestrator(
    DistributedApplicationModel model, HomeFolder home, RunningInstance instance, LogBook logs, Launch launch, Probes probes, StateFile state, DashboardServer dashboard,
    ResourceNotificationService board, IDistributedApplicationEventing events, IServiceProvider services, IOptions<LocalOrchestratorOptions> options, TimeProvider clock) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private IReadOnlyList<ResourceRunner> _runners = [];
    private Task _following = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!home.TryHold())
            throw new DistributedApplicationException($"The application is running already{(instance.Find() is { } running ? $" (process {running.Orchestrator?.Pid}, {running.Dashboard})" : "")}; stop it first.");
        await instance.CleanUpAsync(logs.Say, cancellationToken);
        await events.PublishAsync(new BeforeStartEvent(services, model), cancellationToken);

        var runnable = model.Resources.Where(IsRunnable).ToArray();
        Dependencies.CheckForCycles(model.Resources);
        new PortBook(home).Allocate(runnable);
        _runners = [.. runnable.SelectMany(Runners)];
        foreach (var runner in _runners) PostFirst(runner);
        foreach (var external in model.Resources.Where(r => r.TryGetLastAnnotation<ConnectionStringRedirectAnnotation>(out _))) PostExternal(external);

        state.Dashboard = await dashboard.StartAsync(_runners, cancellationToken);
        _following = state.FollowAsync(_over.Token);
        foreach (var runner in _runners.Where(r => !r.Resource.TryGetLastAnnotation<ExplicitStartupAnnotation>(out _))) await runner.StartAsync();
        await events.PublishAsync(new AfterResourcesCreatedEvent(services, model), cancellationToken);
        logs.Say($"Started {_runners.Count} resources{(state.Dashboard is { } address ? $"; operator page: {address}" : "")}");
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_runners.Count == 0) return; // the start was refused
        logs.Say("Stopping");
        var stops = new Dictionary<IResource, Task>();
        await Task.WhenAll(model.Resources.Select(Stop));
        await dashboard.DisposeAsync();
        await _over.CancelAsync();
        await _following;
        state.Close();
        logs.Say("Stopped");

        Task Stop(IResource resource)
        {
            if (stops.TryGetValue(resource, out var known)) return known;
            var dependents = Task.WhenAll(model.Resources.Where(other => Dependencies.Of(other).Contains(resource)).Select(Stop));
            return stops[resource] = AfterAsync(dependents, resource);
        }
        async Task AfterAsync(Task dependents, IResource resource)
        {
            await dependents;
            await Task.WhenAll(_runners.Where(r => r.Resource == resource).Select(r => r.StopAsync()));
        }
    }

    public void Dispose()
    {
        foreach (var runner in _runners) runner.Dispose();
        _over.Dispose();
    }

    private static bool IsRunnable(IResource resource) =>
        resource is ProjectResource or ExecutableResource or ContainerResource && !resource.TryGetLastAnnotation<ConnectionStringRedirectAnnotation>(out _);

    private IEnumerable<ResourceRunner> Runners(IResource resource)
    {
        var runsOnce = model.Resources.SelectMany(r => r.Annotations.OfType<WaitAnnotation>()).Any(w => w.Resource == resource && w.WaitType == WaitType.WaitForCompletion);
        var children = model.Resources.OfType<IResourceWithParent>().Where(child => child.Parent == resource).ToArray<IResource>();
        return Replicas.NamesOf(resource).Select((name, replica) =>
            new ResourceRunner(resource, replica, name, runsOnce, children, launch, probes, logs, state, board, events, services, options, clock));
    }

    private void PostFirst(ResourceRunner runner)
    {
        var replica = Replicas.NamesOf(runner.Resource).ToList().IndexOf(runner.Instance);
        var endpoints = runner.Resource.Annotations.OfType<EndpointAnnotation>().ToList();
        var endpoint = endpoints.FirstOrDefault();
        board.Publish(runner.Resource, runner.Instance, s => s with
        {
            ResourceType = runner.Resource.GetType().Name.Replace("Resource", ""),
            State = KnownResourceStates.NotStarted,
            Address = endpoint is null ? null : AddressOf(endpoint),
            Endpoints = endpoints.Count > 1 ? endpoints.ToDictionary(e => e.Name, AddressOf, StringComparer.Ordinal) : null,
        });

        string AddressOf(EndpointAnnotation e) => e.UriScheme is "http" or "https" ? e.Allocated[replica].UriString : e.Allocated[replica].EndPointString;
    }

    /// <summary>A server that somebody else runs: those that wait for it need not.</summary>
    private void PostExternal(IResource external)
    {
        foreach (var resource in model.Resources.OfType<IResourceWithParent>().Where(child => child.Parent == external).Append(external))
            board.Publish(resource, resource.Name, s => s with
            {
                ResourceType = "External",
                State = KnownResourceStates.Running,
                HealthStatus = HealthStatus.Healthy,
                Address = resource == external ? "external" : null,
            });
    }
}

internal static class Dependencies
{
    /// <summary>What a resource waits for; a database counts as its server.</summary>
    public static IEnumerable<IResource> Of(IResource resource) => resource.Annotations.OfType<WaitAnnotation>()
        .SelectMany(wait => wait.Resource is IResourceWithParent child ? [child, child.Parent] : new[] { wait.Resource });

    /// <exception cref="DistributedApplicationException">Resources wait for one another, so none would ever start.</exception>
    public static void CheckForCycles(IEnumerable<IResource> resources)
    {
        var safe = new HashSet<IResource>();
        foreach (var resource in resources) Visit(resource, []);

        void Visit(IResource resource, List<IResource> path)
        {
            if (safe.Contains(resource)) return;
            if (path.IndexOf(resource) is var start and >= 0)
                throw new DistributedApplicationException($"Resources wait for one another: {string.Join(" → ", path.Skip(start).Append(resource).Select(r => r.Name))}.");
            foreach (var dependency in Of(resource)) Visit(dependency, [.. path, resource]);
            safe.Add(resource);
        }
    }
}

internal static class LocalOrchestratorServices
{
    public static void AddLocalOrchestrator(this IServiceCollection services, IConfiguration configuration, string appHostDirectory)
    {
        services.AddOptions<LocalOrchestratorOptions>().Bind(configuration.GetSection("LocalOrchestrator"))
            .PostConfigure(options => options.Home = HomeFolder.PathFor(configuration, appHostDirectory)).ValidateDataAnnotations();
        services.AddSingleton(provider => new HomeFolder(provider.GetRequiredService<IOptions<LocalOrchestratorOptions>>()));
        services.AddSingleton<LogBook>();
        services.AddSingleton<RunningInstance>();
        services.AddSingleton<Launch>();
        services.AddSingleton<Probes>();
        services.AddSingleton<StateFile>();
        services.AddSingleton<DashboardServer>();
        services.AddSingleton<LogFollower>();
        services.AddHostedService<LocalOrchestrator>();
    }
}
