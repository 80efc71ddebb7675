using System.Diagnostics.Metrics;
using Empire.Data;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.RemoteWrite;

/// <summary>Sends settled samples on to the external cluster, oldest first, and takes them out of the queue when the cluster has them. After a crash between the two they go out
/// again: the cluster keeps one value for each moment of a series.</summary>
internal sealed partial class RemoteWriter : BackgroundService
{
    private readonly Database db;
    private readonly ClusterClient cluster;
    private readonly RemoteWriteOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<RemoteWriter> log;
    private readonly Counter<long> sent, refused;
    private bool failing;

    public RemoteWriter(Database db, ClusterClient cluster, IOptions<RemoteWriteOptions> options, TimeProvider clock, IMeterFactory meters, ILogger<RemoteWriter> log)
    {
        (this.db, this.cluster, this.options, this.clock, this.log) = (db, cluster, options.Value, clock, log);
        var meter = meters.Create("Empire.Telemetry");
        sent = meter.CreateCounter<long>("empire.telemetry.remote_write.sent", "{sample}", "GPU samples that the external cluster has taken");
        refused = meter.CreateCounter<long>("empire.telemetry.remote_write.refused", "{sample}", "GPU samples set aside because the external cluster will not take them");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = TimeSpan.Zero;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var (something, answer) = await SendOldestAsync(stoppingToken);
                if (answer is { Taken: false, Refusal: null })
                {
                    pause = Next(pause);
                    var wait = answer.RetryAfter is { } told && told > pause ? (told < options.LongestPause ? told : options.LongestPause) : pause;
                    if (!failing) LogFailing(log, answer.Detail);
                    failing = true;
                    await Task.Delay(wait, clock, stoppingToken);
                    continue;
                }
                pause = TimeSpan.Zero;
                if (something) continue;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { return; }
            catch (Exception e) { LogTurnFailed(log, e); }
            try { await Task.Delay(options.LookEvery, clock, stoppingToken); }
            catch (OperationCanceledException) { return; }
        }
    }

    /// <summary>One request with the oldest samples.</summary>
    /// <returns>Whether there was anything to send, and what the cluster said to it.</returns>
    public async Task<(bool Something, ClusterAnswer? Answer)> SendOldestAsync(CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        if (!await ForwardTable.LockAsync(work, ct)) return (false, null);
        var forwards = await ForwardTable.OldestAsync(work, options.RequestSamples, ct);
        if (forwards.Count == 0) return (false, null);
        var answer = await SendAsync(work, forwards, ct);
        if (answer is { Taken: false, Refusal: null }) return (true, answer);
        await work.CommitAsync(CancellationToken.None); // the cluster has decided
        FaultPoint.Pass("telemetry.forwarded");
        if (failing) LogHealed(log);
        failing = false;
        return (true, answer);
    }

    /// <summary>Where the cluster refuses several rows together, each goes alone, so that only those that it minds are set aside.</summary>
    private async Task<ClusterAnswer> SendAsync(Work work, IReadOnlyList<Forward> forwards, CancellationToken ct)
    {
        var answer = await cluster.SendAsync(await WriteRequests.MakeAsync(work, forwards, options.TenantLabel, ct), ct);
        FaultPoint.Pass("telemetry.forward-answered");
        if (answer.Taken)
        {
            await ForwardTable.DeleteAsync(work, forwards.Select(forward => forward.Id), CancellationToken.None);
            sent.Add(forwards.Sum(forward => forward.Samples));
        }
        else if (answer.Refusal is { } reason)
        {
            if (forwards.Count == 1)
            {
                await ForwardTable.SetAsideAsync(work, forwards[0].Id, reason, CancellationToken.None);
                refused.Add(forwards[0].Samples);
                LogRefused(log, forwards[0].Samples, forwards[0].AgentId, reason);
                return answer;
            }
            foreach (var forward in forwards)
                if (await SendAsync(work, [forward], ct) is { Taken: false, Refusal: null }) break; // what is decided so far is kept; the next turn meets the rest
            return new(true);
        }
        return answer;
    }

    private TimeSpan Next(TimeSpan pause) => pause == TimeSpan.Zero ? options.FirstPause : pause * 2 < options.LongestPause ? pause * 2 : options.LongestPause;

    [LoggerMessage(1, LogLevel.Warning, "The external cluster does not take samples; they wait: {Reason}")] private static partial void LogFailing(ILogger log, string reason);
    [LoggerMessage(2, LogLevel.Information, "The external cluster takes samples again")] private static partial void LogHealed(ILogger log);
    [LoggerMessage(3, LogLevel.Error, "{Samples} samples of agent {Agent} are set aside, since the external cluster refuses them: {Reason}")]
    private static partial void LogRefused(ILogger log, int samples, Guid agent, string reason);
    [LoggerMessage(4, LogLevel.Warning, "Sending samples on failed; they wait for the next turn")] private static partial void LogTurnFailed(ILogger log, Exception e);
}
