using Empire.Data;

namespace Empire.Analytics.Returns;

internal static class SnapshotTable
{
    /// <returns>Null when the batch has no figures yet.</returns>
    public static async Task<Snapshot?> FindAsync(Work work, Guid batch, CancellationToken ct)
    {
        var known = await work.QuerySingleAsync<bool>(
            "select exists (select from return_snapshots where tenant_id = @tenant and batch_id = @batch)", new { tenant = work.Tenant, batch }, ct);
        return !known ? null : Snapshot.Of(await work.QueryAsync<SnapshotRow>(
            """
            select dimension, value, currency, cost_micros, revenue_micros, clicks, conversions from return_snapshot_rows
            where tenant_id = @tenant and batch_id = @batch
            """, new { tenant = work.Tenant, batch }, ct));
    }

    /// <returns>True when every one of these pieces has a cost and every publication is known.</returns>
    public static Task<bool> IsCompleteAsync(Work work, Guid[] pieces, Guid[] publications, CancellationToken ct) => work.QuerySingleAsync<bool>(
        """
        select not exists (select from unnest(@pieces) as p (id) where not exists (select from costs where tenant_id = @tenant and piece_id = p.id))
          and not exists (select from unnest(@publications) as u (id) where not exists (select from publications k where k.tenant_id = @tenant and k.id = u.id))
        """, new { tenant = work.Tenant, pieces, publications }, ct);

    public static async Task AddAsync(Work work, Guid batch, Snapshot snapshot, DateTimeOffset now, CancellationToken ct)
    {
        await work.ExecuteAsync("insert into return_snapshots (tenant_id, batch_id, computed_at) values (@tenant, @batch, @now)", new { tenant = work.Tenant, batch, now }, ct);
        await work.ExecuteAsync(
            """
            insert into return_snapshot_rows (tenant_id, batch_id, dimension, value, currency, cost_micros, revenue_micros, clicks, conversions)
            select @tenant, @batch, * from unnest(@dimensions, @values, @currencies, @costs, @revenues, @clicks, @conversions)
            """,
            new
            {
                tenant = work.Tenant,
                batch,
                dimensions = snapshot.Rows.Select(row => row.Dimension).ToArray(),
                values = snapshot.Rows.Select(row => row.Value).ToArray(),
                currencies = snapshot.Rows.Select(row => row.Currency).ToArray(),
                costs = snapshot.Rows.Select(row => row.CostMicros).ToArray(),
                revenues = snapshot.Rows.Select(row => row.RevenueMicros).ToArray(),
                clicks = snapshot.Rows.Select(row => row.Clicks).ToArray(),
                conversions = snapshot.Rows.Select(row => row.Conversions).ToArray(),
            }, ct);
    }
}
