using Empire.GpuAgent.Spooling;
using Grpc.Core;

namespace Empire.GpuAgent.Sending;

/// <summary>Gets the spool to the server for as long as the agent runs: by gRPC, and, where that cannot be had, by HTTP until it can.</summary>
internal sealed class Uploader(GrpcWay grpc, HttpWay http, Spool spool, AgentSettings settings, TimeProvider clock, Journal journal)
{
    private const int FailuresBeforeHttp = 2;                                   // a server that restarts fails once
    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(10); // the gateway takes ten a minute from a key, which other hosts may have too
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromSeconds(6);
    private readonly Backoff backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
    private readonly Backoff reports = new(BetweenReports, TimeSpan.FromMinutes(5));

    /// <summary>How often a key that was refused is tried again: somebody may put it in force.</summary>
    public static TimeSpan KeyPause { get; } = TimeSpan.FromMinutes(5);

    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            TimeSpan pause;
            bool spoken;
            try
            {
                (pause, spoken) = await StreamAsync(ct);
            }
            catch (Exception) when (ct.IsCancellationRequested)
            {
                return;
            }
            try
            {
                if (!spoken && backoff.Failures >= FailuresBeforeHttp) await ReportAsync(pause, ct);
                else await Task.Delay(pause, clock, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <returns>How long to wait until the next stream; and whether the server itself has asked for that, which over HTTP would say no other.</returns>
    private async Task<(TimeSpan Pause, bool Spoken)> StreamAsync(CancellationToken ct)
    {
        try
        {
            await grpc.RunAsync(Connected, backoff.Reset, ct);
            return (backoff.Next(), false);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unauthenticated or StatusCode.PermissionDenied && !ct.IsCancellationRequested)
        {
            KeyRefused($"{e.StatusCode}: {e.Status.Detail}");
            return (KeyPause, false);
        }
        catch (NotTakenException e)
        {
            journal.WarnOnce("server", "The server asks for a pause; samples are kept meanwhile.");
            return (e.After + backoff.Next(), true); // not all hosts in the same moment
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            var why = e is RpcException { Status: var status } ? $"{status.StatusCode}: {status.Detail}" : e.Message;
            journal.WarnOnce("server", $"No stream to {settings.GrpcServer} ({why}). Samples are kept in {settings.Folder} and sent later.");
            return (backoff.Next(), false);
        }
    }

    private void Connected()
    {
        if (spool.LastSequence <= spool.Answered) backoff.Reset(); // otherwise once it has taken a batch: a server may greet and take none
        journal.Healed("key", "The key is accepted again.");
        journal.Healed("server", $"Connected to {settings.GrpcServer}; {spool.LastSequence - Math.Min(spool.LastSequence, spool.Answered)} batches are waiting to be sent.");
    }

    private void KeyRefused(string why) =>
        journal.WarnOnce("key", $"The server does not accept the key ({why}). It was revoked or has expired: set GPU_OPTIMIZER_API_KEY to a valid one and restart. Samples are kept in {settings.Folder}.");

    /// <summary>Reports over HTTP for the time until gRPC is tried again.</summary>
    private async Task ReportAsync(TimeSpan time, CancellationToken ct)
    {
        var until = clock.GetTimestamp() + (long)(time.TotalSeconds * clock.TimestampFrequency);
        while (true)
        {
            var (outcome, after) = await http.SendAsync(ct);
            if (outcome == HttpOutcome.KeyRefused) KeyRefused("401 over HTTP");
            if (outcome == HttpOutcome.Answered) journal.WarnOnce("server", $"gRPC does not get through to {settings.GrpcServer}: reporting over HTTP to {settings.Server} until it does.");
            var left = TimeSpan.FromSeconds((until - clock.GetTimestamp()) / (double)clock.TimestampFrequency);
            if (outcome == HttpOutcome.Answered) reports.Reset();
            var least = outcome switch { HttpOutcome.Refused => AfterRefusal, HttpOutcome.NotTaken => BetweenReports + reports.Next(), _ => BetweenReports };
            var pause = outcome is HttpOutcome.Unavailable or HttpOutcome.KeyRefused ? left : after > least ? after : least;
            if (pause >= left)
            {
                if (left > TimeSpan.Zero) await Task.Delay(left, clock, ct);
                return;
            }
            await Task.Delay(pause, clock, ct);
        }
    }
}
