using Empire.Contracts;
using Empire.Data;

namespace Empire.Identity.Tenants;

/// <summary>Tells the other services of every account that is closed and of which they have not been told: one that was closed before there was such a word, or by hand in the database. They would go on spending for it.
/// Safe in several replicas.</summary>
public sealed partial class ClosedAccountTelling(Database db, TimeProvider clock, ILogger<ClosedAccountTelling> log) : BackgroundService
{
    private const int Batch = 100;
    private static readonly TimeSpan LookEvery = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, clock);
        do
        {
            try
            {
                while (await TellAsync(stoppingToken) > 0) { }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogTurnFailed(log, e); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <returns>How many accounts were told of.</returns>
    internal async Task<int> TellAsync(CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        // The last member gone and the name with them: that is how an erasure leaves an account.
        var untold = await work.QueryAsync<Untold>(
            """
            select t.tenant_id, t.name = 'erased' and not exists (select from memberships m where m.tenant_id = t.tenant_id) as erased
            from tenants t where not t.is_active and t.closed_told_at is null order by t.tenant_id limit @Batch for update of t skip locked
            """, new { Batch }, ct);
        foreach (var account in untold)
        {
            var tenant = new TenantId(account.TenantId);
            await work.ActForAsync(tenant, ct);
            var closed = await work.QuerySingleOrDefaultAsync<DateTimeOffset?>(
                """
                select case when details ->> 'is_active' = 'false' then at end from kernel.audit
                where tenant_id = current_tenant() and entity_id = @tenant and action = 'tenant.changed' order by at desc, seq desc limit 1
                """, new { tenant = tenant.ToString() }, ct);
            await work.ExecuteAsync("update tenants set closed_told_at = @Now where tenant_id = current_tenant()", new { work.Now }, ct);
            work.Publish(new AccountClosed { TenantId = account.TenantId, Erased = account.Erased, OccurredAt = closed ?? work.Now });
            LogTold(log, account.TenantId, account.Erased);
        }
        work.NothingToAudit();
        await work.CommitAsync(ct);
        return untold.Count;
    }

    [LoggerMessage(1, LogLevel.Information, "The services are told that {Account} is closed (erased: {Erased}); they had not been")] private static partial void LogTold(ILogger log, Guid account, bool erased);
    [LoggerMessage(2, LogLevel.Error, "Closed accounts could not be told of; the next turn tries again")] private static partial void LogTurnFailed(ILogger log, Exception e);

    private sealed record Untold
    {
        public Guid TenantId { get; init; }
        public bool Erased { get; init; }
    }
}
