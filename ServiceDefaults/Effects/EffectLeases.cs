using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Empire.Effects;

/// <summary>Keeps the leases of what this process has in hand. A lease that cannot be renewed in time cancels its call, before another worker takes over.</summary>
internal sealed partial class EffectLeases(EffectClaims claims, EffectWorkerName worker, IOptions<EffectsOptions> options, ILogger<EffectLeases> log) : BackgroundService
{
    private readonly ConcurrentDictionary<Guid, Held> held = new();

    /// <returns>Cancelled when the lease is lost; dispose when the step is over.</returns>
    public Held Hold(Guid effect) => held[effect] = new(effect, this);

    /// <summary>On the machine's clock: whether this process is alive is no matter of business time.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(KeepAsync(stoppingToken), WatchAsync(stoppingToken));

    private async Task KeepAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(options.Value.Lease / 3);
        while (await timer.WaitForNextTickAsync(ct))
        {
            try { await RenewAsync(ct); }
            catch (Exception e) when (!ct.IsCancellationRequested) { LogNotRenewed(log, e); }
        }
    }

    /// <summary>Apart from the renewing, which a database that is silent rather than gone may hold up for longer than a lease.</summary>
    private async Task WatchAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(options.Value.Lease / 20);
        while (await timer.WaitForNextTickAsync(ct))
            foreach (var lease in held.Values.Where(lease => lease.Age > options.Value.Lease * 0.9)) await lease.LoseAsync();
    }

    private async Task RenewAsync(CancellationToken ct)
    {
        var mine = held.Values.ToArray();
        if (mine.Length == 0) return;
        var asked = Stopwatch.GetTimestamp();
        var renewed = (await claims.RenewAsync([.. mine.Select(lease => lease.Effect)], worker.Name, options.Value.Lease, ct)).ToHashSet();
        foreach (var lease in mine)
        {
            if (renewed.Contains(lease.Effect)) lease.Renewed(asked);
            else await lease.LoseAsync(); // settled just now, or another's by now
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Leases of effects could not be renewed")]
    private static partial void LogNotRenewed(ILogger log, Exception e);

    internal sealed class Held(Guid effect, EffectLeases leases) : IDisposable
    {
        private readonly CancellationTokenSource lost = new();
        private long since = Stopwatch.GetTimestamp();

        public Guid Effect => effect;
        public CancellationToken Lost => lost.Token;
        public TimeSpan Age => Stopwatch.GetElapsedTime(Interlocked.Read(ref since));

        /// <param name="asked">When the new lease was asked for: it may have begun then.</param>
        public void Renewed(long asked) => Interlocked.Exchange(ref since, asked);

        public async Task LoseAsync()
        {
            try { await lost.CancelAsync(); }
            catch (ObjectDisposedException) { } // the step ended meanwhile
        }

        public void Dispose()
        {
            leases.held.TryRemove(new(effect, this));
            lost.Dispose();
        }
    }
}

/// <summary>Whom a lease names: the replica.</summary>
internal sealed record EffectWorkerName(string Name);
