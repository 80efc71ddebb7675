using Empire.Data;
using Empire.Telemetry.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Empire.Telemetry.RemoteWrite;

/// <summary>Samples that wait to be sent on.</summary>
internal sealed record Forward
{
    public long Id { get; init; }
    public Guid TenantId { get; init; }
    public Guid AgentId { get; init; }
    public int Samples { get; init; }
    public byte[] Data { get; init; } = [];
}

/// <summary>The queue in the database. One replica at a time takes from it, so that the samples of a series go out in their order.</summary>
internal static class ForwardTable
{
    private const int RowSamples = 2_000, LongestRefusal = 500;

    /// <summary>Queues the samples of an agent, in the transaction that settles them.</summary>
    public static async Task AddAsync(Work work, Guid tenant, Guid agent, IEnumerable<(long Gpu, GpuBlock Block)> blocks, CancellationToken ct)
    {
        var (counts, data) = (new List<int>(), new List<byte[]>());
        var (row, samples) = (new List<(long, GpuBlock, int, int)>(), 0);
        foreach (var (gpu, block) in blocks)
        {
            for (var from = 0; from < block.Count;)
            {
                var count = Math.Min(block.Count - from, RowSamples - samples);
                row.Add((gpu, block, from, count));
                (from, samples) = (from + count, samples + count);
                if (samples == RowSamples) Close();
            }
        }
        if (samples > 0) Close();
        if (counts.Count == 0) return;
        await using var insert = new NpgsqlCommand(
            "insert into forwards (tenant_id, agent_id, samples, data, queued_at) select $1, $2, f.samples, f.data, $3 from unnest($4, $5) with ordinality as f (samples, data, place) order by f.place",
            work.Connection, work.Transaction);
        insert.Parameters.Add(new() { Value = tenant });
        insert.Parameters.Add(new() { Value = agent });
        insert.Parameters.Add(new() { Value = work.Now.UtcDateTime });
        insert.Parameters.Add(new() { Value = counts.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        insert.Parameters.Add(new() { Value = data.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        await insert.ExecuteNonQueryAsync(ct);

        void Close()
        {
            counts.Add(samples);
            data.Add(BatchFrame.Write(row));
            row.Clear();
            samples = 0;
        }
    }

    /// <returns>False: another replica is at it.</returns>
    public static Task<bool> LockAsync(Work work, CancellationToken ct) => work.QuerySingleAsync<bool>("select pg_try_advisory_xact_lock(hashtext('telemetry.forwards'))", ct: ct);

    /// <summary>The oldest, with as many samples as one request may have, but at least one row.</summary>
    public static Task<IReadOnlyList<Forward>> OldestAsync(Work work, int samples, CancellationToken ct) => work.QueryAsync<Forward>(
        """
        select id, tenant_id, agent_id, samples, data from (
          select f.*, sum(f.samples) over (order by f.id) - f.samples as before from (select * from forwards where refused_at is null order by id limit 1000) f
        ) f where before < @samples order by id
        """, new { samples }, ct);

    public static Task DeleteAsync(Work work, IEnumerable<long> ids, CancellationToken ct) => work.ExecuteAsync("delete from forwards where id = any(@ids)", new { ids = ids.ToArray() }, ct);

    public static Task SetAsideAsync(Work work, long id, string refusal, CancellationToken ct) =>
        work.ExecuteAsync("update forwards set refused_at = @Now, refusal = @reason where id = @id",
            new { id, reason = refusal.Length <= LongestRefusal ? refusal : refusal[..LongestRefusal], Now = work.Now.UtcDateTime }, ct);
}
