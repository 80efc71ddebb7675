using Empire.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Empire.Effects;

/// <summary>Withdraws what was planned for an erased account after its erasure was heard: a work that began before may commit a plan behind it, and nobody would ever take that. Planning itself looks at
/// nothing of the kind, for it is in the way of every request. Several replicas may sweep at once.</summary>
internal sealed partial class WithdrawalSweep(Database database, TimeProvider clock, ILogger<WithdrawalSweep> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try { await SweepAsync(stoppingToken); }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogFailed(log, e); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SweepAsync(CancellationToken ct)
    {
        foreach (var account in await WaitingAsync(ct))
        {
            await using var work = await database.BeginAsync(account, ct);
            await EffectTable.WithdrawAsync(work, ct);
            await work.CommitAsync(ct);
        }
    }

    /// <returns>The erased accounts for which something is planned that does not go on for them.</returns>
    private async Task<IReadOnlyList<TenantId>> WaitingAsync(CancellationToken ct)
    {
        await using var work = await database.BeginSystemAsync(ct);
        return await work.QueryAsync<TenantId>(
            """
            select a.tenant_id from kernel.closed_accounts a
            where a.closed and a.erased and exists (select from kernel.effects e where e.tenant_id = a.tenant_id and e.state = 'planned' and e.kind <> all(@always))
            """, new { always = EffectKinds.WhenClosed }, ct);
    }

    [LoggerMessage(1, LogLevel.Warning, "What was planned for erased accounts could not be withdrawn; the next round will")] private static partial void LogFailed(ILogger log, Exception e);
}
