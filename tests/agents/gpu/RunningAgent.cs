using Empire.GpuAgent.Host;
using Empire.GpuAgent.Readings;
using Empire.GpuAgent.Simulation;
using Empire.Testing;

namespace Empire.GpuAgent.Tests;

/// <summary>The agent within the test's process, on a clock that the test moves, at an interval of 10 seconds.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly StringWriter said = new();
    private readonly Agent agent;
    private readonly Task running;

    private RunningAgent(Uri server, string folder, TestClock clock, IGpuReader? reader, Uri? grpc, CloudMetadata? cloud)
    {
        Clock = clock;
        var settings = SettingsFor(server, folder, grpc);
        agent = new(settings, reader ?? new SimulatedReader(2), new() { Hostname = "test", IntervalSeconds = 10 }, new JobIds(""), cloud, clock, new(said));
        running = Task.Run(() => agent.RunAsync(stop.Token));
    }

    public TestClock Clock { get; }
    public Spooling.Spool Spool => agent.Spool;
    public string Said { get { lock (said) return said.ToString(); } }

    public static AgentSettings SettingsFor(Uri server, string folder, Uri? grpc = null, params string[] flags) => AgentSettings.Read([.. flags, "--spool", folder], name => name switch
    {
        "GPU_OPTIMIZER_API_KEY" => StubTelemetry.Key,
        "GPU_OPTIMIZER_SERVER_URL" => server.ToString(),
        "GPU_OPTIMIZER_GRPC_URL" => grpc?.ToString(),
        _ => null,
    });

    /// <summary>Started, with its first reading in the spool.</summary>
    public static async Task<RunningAgent> StartAsync(Uri server, string folder, TestClock? clock = null, IGpuReader? reader = null, Uri? grpc = null, CloudMetadata? cloud = null)
    {
        var started = new RunningAgent(server, folder, clock ?? new TestClock(), reader, grpc, cloud);
        await Eventually.TrueAsync(() => started.agent.Spool.LastSequence > 0 || started.running.IsCompleted);
        return started;
    }

    /// <summary>Another interval goes by.</summary>
    public async Task TickAsync()
    {
        var before = agent.Spool.LastSequence;
        Clock.Advance(TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(() => agent.Spool.LastSequence > before);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        agent.Dispose();
        stop.Dispose();
    }
}
