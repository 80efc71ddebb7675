using Empire.Data;
using Empire.Http;

namespace Empire.Autopilot.Cycles;

public static class ListCycles
{
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
