using Empire.Data;
using Empire.Http;

namespace Empire.Autopilot.Cycles;

public static class ListCycles
{
    /// <example>{"cycle_id": "cyc_0199f3a17c5b7d3e8a4b5c6d7e8f9019", "state": "completed", "day": "2026-03-02", "source": "networks", "trigger": "schedule",
    /// "created_at": "2026-03-02T05:00:00+00:00", "finished_at": "2026-03-02T05:06:00+00:00", "error": null}</example>
    public sealed record Item(string CycleId, string State, DateOnly Day, string Source, string Trigger, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, string? Error);

    /// <summary>Newest first.</summary>
    public static async Task<Page<Item>> HandleAsync([AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<CycleRow>(
            "select * from cycles where tenant_id = @Tenant and (@after::uuid is null or id < @after::uuid) order by id desc limit @take",
            new { caller.Tenant, after = page.After<Guid>(), take = page.Fetch }, ct);
        return page.ToPage(rows, row => row.Id).Select(row => new Item(
            PublicId.Format("cyc", row.Id), row.State, row.Day, row.Source, row.Trigger, row.CreatedAt, row.FinishedAt, row.Error));
    }
}
