using System.Diagnostics;
using System.Net.Http.Json;
using System.Reflection;

namespace Aspire.Hosting.Tests;

/// <summary>An application of real processes with a home folder of its own.</summary>
public sealed class TestApplication : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly HttpClient _http = new();
    private DistributedApplication? _application;

    public TestApplication(string? home = null, params (string Setting, string Value)[] settings)
    {
        Home = home ?? NewFolder();
        Builder = DistributedApplication.CreateBuilder();
        Set("Home", Home);
        Set("DashboardPort", "off");
        Set("ConsoleLog", "Off");
        Set("FirstRestartDelay", "00:00:00.1");
        foreach (var (setting, value) in settings) Builder.Configuration[setting] = value;

        void Set(string setting, string value) => Builder.Configuration[$"LocalOrchestrator:{setting}"] = value;
    }

    public string Home { get; }
    public IDistributedApplicationBuilder Builder { get; }
    public DistributedApplication Application => _application ?? throw new InvalidOperationException("Not started.");
    public static string Samples { get; } = typeof(TestApplication).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "Samples").Value!;
    public static string Configuration { get; } = typeof(TestApplication).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    /// <summary>Readable by every account, since PostgreSQL runs under one of its own.</summary>
    public static string NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("hosting-test-");
        File.SetUnixFileMode(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        return folder.FullName;
    }

    public IResourceBuilder<ProjectResource> AddWorker(string name) => Builder.AddProject(name, Path.Combine(Samples, "Worker", "Worker.csproj"))
        .WithHttpEndpoint(name: "http", env: "HTTP_PORT")
        .WithHttpHealthCheck("/health/ready");

    public async Task StartAsync()
    {
        _application = Builder.Build();
        await _application.StartAsync();
    }

    public Task HealthyAsync(string name) => ReachAsync(name, s => s.IsHealthy);

    public async Task<CustomResourceSnapshot> ReachAsync(string name, Func<CustomResourceSnapshot, bool> reached)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return (await Application.ResourceNotifications.WaitForResourceAsync(name, e => reached(e.Snapshot), patience.Token)).Snapshot;
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"{name} did not get there; it is {Now(name)}. Its log:\n{Log(name)}", e);
        }
    }

    public CustomResourceSnapshot? Now(string instance) => Application.ResourceNotifications.TryGetCurrentState(instance, out var state) ? state.Snapshot : null;

    public string Log(string instance) => File.Exists(Path.Combine(Home, "logs", instance + ".log")) ? File.ReadAllText(Path.Combine(Home, "logs", instance + ".log")) : "";

    public async Task<Dictionary<string, string>> EnvironmentOfAsync(string instance) =>
        (await _http.GetFromJsonAsync<Dictionary<string, string>>($"{Now(instance)!.Address}/environment"))!;

    public Task<HttpResponseMessage> PostAsync(string instance, string path, string body = "") => _http.PostAsync($"{Now(instance)!.Address}{path}", new StringContent(body));

    public static async Task UntilAsync(Func<bool> fact, string what)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var waited = Stopwatch.StartNew(); !fact(); await timer.WaitForNextTickAsync())
            if (waited.Elapsed > Patience) throw new TimeoutException($"Waited in vain until {what}.");
    }

    /// <summary>Stops everything and keeps the home folder for the next run.</summary>
    public async Task StopAsync()
    {
        if (_application is null) return;
        await _application.StopAsync();
        await _application.DisposeAsync();
        _application = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        Directory.Delete(Home, recursive: true);
    }
}
