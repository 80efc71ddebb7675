using Empire.Contracts.V1;
using Empire.GpuAgent.Host;
using Empire.GpuAgent.Readings;
using Empire.GpuAgent.Spooling;

namespace Empire.GpuAgent;

/// <summary>Reads the GPUs at every interval and puts what they say into the spool. Nothing that fails here ends it: not the driver, not the disk, not a clock that is set.</summary>
internal sealed class Sampler(IGpuReader reader, Spool spool, HostTags host, KnownMachine machine, JobIds jobs, AgentSettings settings, TimeProvider clock, Journal journal)
{
    private static readonly TimeSpan Noticeable = TimeSpan.FromSeconds(5);

    /// <summary>A reading of a healthy host takes milliseconds, one by nvidia-smi seconds.</summary>
    private static readonly TimeSpan Hanging = TimeSpan.FromMinutes(1);
    private readonly KnownGpus known = new(journal);
    private HostTags? told;
    private long lastTimestamp;
    private DateTimeOffset lastTime;

    /// <summary>Called after each batch that was kept.</summary>
    public Action? Kept { get; init; }

    public async Task RunAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(settings.Interval, clock);
        try
        {
            do await TakeAsync(ct);
            while (await timer.WaitForNextTickAsync(ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
    }

    /// <summary>One reading of all GPUs into the spool.</summary>
    public async Task TakeAsync(CancellationToken ct)
    {
        NoticeSteps();
        var count = 0;
        try
        {
            var samples = known.Take(await ReadAsync(ct), reader.Unread);
            Complete(samples, jobs, settings, clock);
            journal.Healed("gpus", $"GPUs are seen: {reader.Description}.");
            if (samples.Count == 0) return;
            count = samples.Count;
            host.DriverVersion = reader.DriverVersion ?? "";
            machine.Current?.AddTo(host);
            var batch = new SampleBatch();
            batch.Samples.AddRange(samples);
            if (!host.Equals(told)) batch.Host = host.Clone();
            spool.Append(batch);
            told = batch.Host ?? told;
            journal.Healed("disk", "The spool can be written again.");
            Kept?.Invoke();
        }
        catch (GpusUnavailableException e)
        {
            journal.WarnOnce("gpus", $"No GPUs: {e.Message}. Looking again every {settings.Interval.TotalSeconds:0} s.");
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            journal.WarnOnce("disk", $"A reading of {count} GPUs was not kept: {e.Message}");
            if (count > 0) CountLost(count);
        }
    }

    /// <summary>Says so while the driver does not answer, since nothing else will.</summary>
    private async ValueTask<IReadOnlyList<Sample>> ReadAsync(CancellationToken ct)
    {
        await using var late = clock.CreateTimer(_ => journal.WarnOnce("driver", $"The driver has not answered for {Hanging.TotalSeconds:0} s: nothing is read until it does. What was read before is sent."), null, Hanging, Timeout.InfiniteTimeSpan);
        var samples = await reader.ReadAsync(ct);
        journal.Healed("driver", "The driver answers again.");
        return samples;
    }

    /// <summary>The server did not take what the first batch said about this host: it is said again.</summary>
    public void TellHostAgain() => told = null;

    /// <summary>Adds the time, the price and the jobs to what a reader said.</summary>
    public static void Complete(IReadOnlyList<Sample> samples, JobIds jobs, AgentSettings settings, TimeProvider clock)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var sample in samples)
        {
            if (sample.ObservedAtMs == 0) sample.ObservedAtMs = now; // what is said once more has its own
            if (settings.CostPerHourMicros is { } micros && !sample.HasMigInstance) sample.CostPerHour = new() { Micros = micros, Currency = "USD" };
        }
        jobs.Fill(samples);
    }

    private void CountLost(int count)
    {
        try
        {
            spool.CountLost(count);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            journal.WarnOnce("lost", $"That samples were lost could not be written down either: {e.Message}");
        }
    }

    private void NoticeSteps()
    {
        var (timestamp, time) = (clock.GetTimestamp(), clock.GetUtcNow());
        if (lastTimestamp != 0)
        {
            var step = time - lastTime - clock.GetElapsedTime(lastTimestamp, timestamp);
            if (step.Duration() > Noticeable) journal.Warn($"The clock of this host was set by {step.TotalSeconds:+0;-0} s. Samples keep their order.");
        }
        (lastTimestamp, lastTime) = (timestamp, time);
    }
}
