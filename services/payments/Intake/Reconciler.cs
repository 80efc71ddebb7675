using Empire.Data;
using Microsoft.Extensions.Options;

namespace Empire.Payments.Intake;

/// <summary>Reads the providers' own lists, asks for what may have changed without them (<see cref="Unsettled"/>), and stores what no webhook brought. One replica at a time does it, by a lock in the database.</summary>
public sealed partial class Reconciler(Database db, EventLog events, IEnumerable<PaymentProvider> providers, IOptions<IntakeOptions> options, TimeProvider clock, ILogger<Reconciler> log) : BackgroundService
{
    /// <summary>How far back the first reading goes: Stripe lists events for 30 days.</summary>
    private static readonly TimeSpan Oldest = TimeSpan.FromDays(29);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ReconcileEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await ReconcileAsync(stoppingToken);
    }

    /// <summary>Reads all lists now. A provider that does not answer is read the next time, from where it was read last.</summary>
    /// <returns>How many events were new.</returns>
    public async Task<int> ReconcileAsync(CancellationToken ct)
    {
        var found = 0;
        foreach (var provider in providers)
        {
            try { found += await ReconcileAsync(provider, ct); }
            catch (Http.ProviderException e) when (e.IsOff) { } // it has no lists for us
            catch (Http.ProviderException e) { LogAway(log, provider.Name, e.Message); }
            catch (Exception e) when (!ct.IsCancellationRequested) { LogUnread(log, provider.Name, e); }
        }
        return found;
    }

    private async Task<int> ReconcileAsync(PaymentProvider provider, CancellationToken ct)
    {
        await using var turn = await db.BeginSystemAsync(ct);
        turn.NothingToAudit();
        if (!await turn.QuerySingleAsync<bool>("select pg_try_advisory_xact_lock(hashtext('reconcile ' || @Name))", new { provider.Name }, ct)) return 0;
        var started = clock.GetUtcNow();
        var until = await turn.QuerySingleOrDefaultAsync<DateTimeOffset?>("select until from reconciled_until where provider = @Name", new { provider.Name }, ct);
        var (since, found) = ((until ?? started - Oldest) - options.Value.Overlap, 0);
        await foreach (var told in provider.ListAsync(since, ct))
            if (await events.StoreAsync(told, ct)) found++;
        await turn.ExecuteAsync("insert into reconciled_until (provider, until) values (@Name, @started) on conflict (provider) do update set until = excluded.until", new { provider.Name, started }, ct);
        await turn.CommitAsync(ct);
        if (found > 0) LogHealed(log, provider.Name, found);
        return found;
    }

    [LoggerMessage(3, LogLevel.Warning, "The lists of {Provider} are not to be had; they are read the next time: {Reason}")]
    private static partial void LogAway(ILogger log, string provider, string reason);

    [LoggerMessage(1, LogLevel.Error, "The lists of {Provider} cannot be read; they are read the next time")]
    private static partial void LogUnread(ILogger log, string provider, Exception e);

    [LoggerMessage(2, LogLevel.Information, "{Provider} had {Count} events that no webhook had brought")]
    private static partial void LogHealed(ILogger log, string provider, int count);
}
