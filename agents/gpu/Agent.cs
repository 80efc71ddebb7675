using Empire.Contracts.V1;
using Empire.GpuAgent.Host;
using Empire.GpuAgent.Readings;
using Empire.GpuAgent.Sending;
using Empire.GpuAgent.Spooling;

namespace Empire.GpuAgent;

/// <summary>Everything that runs for ever, put together: the sampler into the spool, the spool to the server. Either goes on while the other cannot.</summary>
internal sealed class Agent : IDisposable
{
    private readonly Journal journal;
    private readonly Spool spool;
    private readonly GrpcWay grpc;
    private readonly HttpWay http;
    private readonly Sampler sampler;
    private readonly Uploader uploader;
    private readonly KnownMachine machine;

    /// <param name="cloud">Says what machine this is; null: it is not asked.</param>
    /// <exception cref="IOException">The folder cannot be made, read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public Agent(AgentSettings settings, IGpuReader reader, HostTags host, JobIds jobs, CloudMetadata? cloud, TimeProvider clock, Journal journal)
    {
        this.journal = journal;
        var (agentId, folder) = Installation.Open(settings.Folder, Installation.ThisMachine(), clock, journal);
        spool = Spool.Open(folder, agentId, settings.SpoolBytes, settings.Interval, clock, journal);
        var answered = new Answered(spool, journal);
        grpc = new(settings.GrpcServer, settings.ApiKey, agentId, spool, answered, clock);
        http = new(settings.Server, settings.ApiKey, spool, answered);
        machine = new(cloud, settings.Folder, agentId, clock, journal);
        sampler = new(reader, spool, host, machine, jobs, settings, clock, journal) { Kept = grpc.Wake };
        answered.HostRefused = sampler.TellHostAgain;
        uploader = new(grpc, http, spool, settings, clock, journal);
        journal.Info($"Agent {agentId}: every {settings.Interval.TotalSeconds:0} s to {settings.GrpcServer}; spool {folder}, at most {settings.SpoolBytes / (1024 * 1024)} MiB.");
    }

    public Spool Spool => spool;

    /// <summary>How long a reading may take to end when the agent is to end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Runs until it is told to end.</summary>
    /// <returns>False when the driver holds on to a reading: whatever else touches it may never come back.</returns>
    public async Task<bool> RunAsync(CancellationToken ct)
    {
        // A call into the driver may hang, and be it the first: it holds up nothing but the readings.
        var sampling = Task.Run(() => SampleAsync(ct), CancellationToken.None);
        var uploading = uploader.RunAsync(ct);
        await await Task.WhenAny(sampling, uploading); // neither ends by itself, unless it fails
        await uploading;
        try
        {
            await sampling.WaitAsync(Patience, CancellationToken.None);
            return true;
        }
        catch (TimeoutException)
        {
            journal.Warn("The driver holds on to a reading of the GPUs, which is given up.");
            return false;
        }
    }

    private async Task SampleAsync(CancellationToken ct)
    {
        try
        {
            await machine.BeginAsync(ct); // a moment, so that the first reading has its price
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return;
        }
        await Task.WhenAll(sampler.RunAsync(ct), machine.KeepAskingAsync(ct));
    }

    public void Dispose()
    {
        grpc.Dispose();
        http.Dispose();
        spool.Dispose();
    }
}
