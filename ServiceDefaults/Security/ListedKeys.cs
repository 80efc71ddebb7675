using Empire.Data;
using Empire.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Empire.Security;

/// <summary>Tells the other replicas of the service which keys this one lists, for as long as it lives: what one of them cannot open yet must not be sealed anew (<see cref="Resealing"/>).</summary>
internal sealed partial class ListedKeys(Database db, Sealer sealer, ThisService service, ILogger<ListedKeys> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    /// <summary>Who has told nothing for so long is gone: it crashed, or cannot reach the database, where whatever it could not open is.</summary>
    private static readonly TimeSpan Lapse = TimeSpan.FromMinutes(1);

    /// <returns>The replicas that live and could not open what is sealed by the key.</returns>
    public static Task<IReadOnlyList<string>> LackingAsync(Work work, string keyId, CancellationToken ct) =>
        work.QueryAsync<string>("select replica from kernel.listed_keys where @keyId <> all(key_ids) and told_at > now() - @Lapse order by replica", new { keyId, Lapse }, ct);

    /// <summary>Before the first request is served: whoever serves has told.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryTellAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>On the machine's clock: whether this process lives is no matter of business time.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await TryTellAsync(stoppingToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await using var work = await db.BeginSystemAsync(cancellationToken);
            await work.ExecuteAsync("delete from kernel.listed_keys where replica = @Instance", new { service.Instance }, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }
        catch (Exception e) { LogUntold(log, e); } // it lapses
    }

    private async Task TryTellAsync(CancellationToken ct)
    {
        try { await TellAsync(ct); }
        catch (Exception e) when (!ct.IsCancellationRequested) { LogUntold(log, e); }
    }

    /// <summary>Others' rows go when they are long past; one that somebody else removes at this moment is left to them.</summary>
    private async Task TellAsync(CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        await work.ExecuteAsync(
            """
            insert into kernel.listed_keys (replica, key_ids, told_at) values (@Instance, @keys, now())
            on conflict (replica) do update set key_ids = excluded.key_ids, told_at = excluded.told_at;
            delete from kernel.listed_keys where replica in (select replica from kernel.listed_keys where told_at < now() - @Lapse for update skip locked)
            """, new { service.Instance, keys = sealer.KeyIds, Lapse }, ct);
        await work.CommitAsync(ct);
    }

    [LoggerMessage(1, LogLevel.Warning, "The other replicas could not be told which keys this one lists")] private static partial void LogUntold(ILogger log, Exception e);
}
