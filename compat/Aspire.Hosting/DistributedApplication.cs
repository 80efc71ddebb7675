using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

public sealed class DistributedApplicationOptions
{
    public string[]? Args { get; set; }
    public bool DisableDashboard { get; set; }

    /// <summary>The folder of the AppHost project; null takes what the build recorded in the entry assembly.</summary>
    public string? ProjectDirectory { get; set; }
}

public enum DistributedApplicationOperation
{
    Run = 0,
    Publish = 1,
}

public class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
{
    public DistributedApplicationOperation Operation { get; } = operation;
    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;
    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;
}

public class DistributedApplicationException : Exception
{
    public DistributedApplicationException(string message) : base(message) { }
    public DistributedApplicationException(string message, Exception inner) : base(message, inner) { }
}

public class DistributedApplicationModel(IResourceCollection resources)
{
    public IResourceCollection Resources { get; } = resources;
}

/// <summary>The whole application: starts every resource, keeps it running, and stops it in order.</summary>
public class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly IHost _host;

    internal DistributedApplication(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;
    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => CreateBuilder(new DistributedApplicationOptions { Args = args });

    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    public virtual Task StartAsync(CancellationToken cancellationToken = default) =>
        Services.GetRequiredService<DistributedApplicationExecutionContext>().IsRunMode
            ? _host.StartAsync(cancellationToken)
            : throw new DistributedApplicationException("Publishing is not covered by this stand-in; use the real packages.");

    public virtual Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Runs until the process is told to stop. With <c>LocalOrchestrator:Command</c> it instead looks at the instance that runs elsewhere:
    /// <c>stop</c> ends it, <c>logs</c> shows what it writes. A model or a setting with which nothing can start is said in one line, and the exit code is 1.</summary>
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        await using (this)
        {
            try
            {
                await RunCommandAsync(Services.GetRequiredService<IConfiguration>().GetSection("LocalOrchestrator"), cancellationToken);
            }
            catch (DistributedApplicationException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                Environment.ExitCode = 1;
            }
        }
    }

    private async Task RunCommandAsync(IConfigurationSection orchestrator, CancellationToken ct)
    {
        switch (orchestrator["Command"])
        {
            case "stop":
                await Services.GetRequiredService<RunningInstance>().StopAsync(Console.WriteLine, ct);
                break;
            case "logs":
                await Services.GetRequiredService<LogFollower>().FollowAsync((orchestrator["Resources"] ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries), ct);
                break;
            case null or "run":
                await StartAsync(ct);
                await _host.WaitForShutdownAsync(ct);
                break;
            case var unknown:
                throw new DistributedApplicationException($"LocalOrchestrator:Command is '{unknown}'; there are run, stop and logs.");
        }
    }

    public virtual void Dispose()
    {
        _host.Dispose();
        GC.SuppressFinalize(this);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
        else _host.Dispose();
        GC.SuppressFinalize(this);
    }
}
