using Empire.Contracts;
using Empire.Data;

namespace Empire.Telemetry.Savings;

/// <summary>Tells once a day what each account has saved, as far as it can be measured, and what it has wasted.</summary>
internal sealed partial class SavingsTeller(Database db, TimeProvider clock, ILogger<SavingsTeller> log) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(10);

    internal const string WastedSql =
        """
        select (coalesce(sum(r.waste_micro_ms), 0) / 3600000)::bigint from gpus g join rollups_day r on r.gpu_id = g.id where g.tenant_id = current_tenant() and r.tenant_id = current_tenant()
        """;

    /// <returns>False: nobody is left for today.</returns>
    public async Task<bool> TellOneAsync(CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        var today = DateOnly.FromDateTime(work.Now.UtcDateTime);
        await work.ExecuteAsync("insert into savings_told (tenant_id) select distinct tenant_id from agents on conflict do nothing", ct: ct);
        var due = await work.QuerySingleOrDefaultAsync<Told>(
            "select tenant_id, told_on, saved_micros, wasted_micros from savings_told where told_on is distinct from @today order by told_on nulls first limit 1 for update skip locked", new { today }, ct);
        if (due is null)
        {
            await work.CommitAsync(ct);
            return false;
        }
        await work.ActForAsync(new(due.TenantId), ct);
        var (saved, low, high, count) = (0L, 0L, 0L, 0);
        foreach (var measure in await MeasureTable.AllAsync(work, ct))
        {
            if ((await MeasureTable.CompareAsync(work, measure, ct)).Measured is not { } measured) continue;
            (saved, low, high, count) = (saved + measured.SavedMicros, low + measured.LowMicros, high + measured.HighMicros, count + 1);
        }
        var wasted = await work.QuerySingleAsync<long>(WastedSql, ct: ct);
        if (due.ToldOn is null || saved != due.SavedMicros || wasted != due.WastedMicros)
        {
            work.Publish(new SavingsMeasured
            {
                TenantId = due.TenantId, SavedMicros = saved, LowMicros = low, HighMicros = high, Measures = count, WastedMicros = wasted, Currency = Currency.Usd.Code, OccurredAt = work.Now,
            });
        }
        await work.ExecuteAsync("update savings_told set told_on = @today, saved_micros = @saved, wasted_micros = @wasted where tenant_id = current_tenant()", new { today, saved, wasted }, ct);
        await work.CommitAsync(ct);
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await TellOneAsync(stoppingToken)) { }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogFailed(log, e); }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Telling what was saved failed; it waits for the next turn")]
    private static partial void LogFailed(ILogger log, Exception e);

    private sealed record Told
    {
        public Guid TenantId { get; init; }
        public DateOnly? ToldOn { get; init; }
        public long SavedMicros { get; init; }
        public long WastedMicros { get; init; }
    }
}
