using Empire.Contracts.V1;
using Empire.Data;
using Grpc.Core;

namespace Empire.Analytics.Returns;

/// <summary>Sums cost and revenue as they stand and keeps the figures under the batch that asked; a batch that asks again gets the figures it got first. While
/// a cost or publication that the batch names has not arrived yet, the figures are incomplete, said to be so, and not kept.</summary>
internal static class ComputeReturns
{
    /// <exception cref="RpcException">InvalidArgument, naming the field.</exception>
    public static async Task<ComputeReturnsReply> HandleAsync(ComputeReturnsRequest request, TenantId tenant, Database db, TimeProvider clock, CancellationToken ct)
    {
        if (!Guid.TryParse(request.BatchId, out var batch)) throw new RpcException(new Status(StatusCode.InvalidArgument, $"batch_id: '{request.BatchId}' is not a UUID."));
        var (pieces, publications) = (Ids("piece_ids", request.PieceIds), Ids("publication_ids", request.PublicationIds));
        await using var work = await db.BeginAsync(tenant, ct);
        await work.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended(@key, 0))", new { key = $"returns {tenant} {batch}" }, ct); // one replica computes, the other reads
        if (await SnapshotTable.FindAsync(work, batch, ct) is { } kept) return kept.ToReply(complete: true);
        var complete = await SnapshotTable.IsCompleteAsync(work, pieces, publications, ct);
        var snapshot = Snapshot.Of(await FiguresAsync(work, ct));
        if (complete)
        {
            await SnapshotTable.AddAsync(work, batch, snapshot, clock.GetUtcNow(), ct);
            await work.CommitAsync(ct);
        }
        return snapshot.ToReply(complete);
    }

    private static async Task<IReadOnlyList<SnapshotRow>> FiguresAsync(Work work, CancellationToken ct)
    {
        List<SnapshotRow> rows = [];
        foreach (var dimension in Dimension.All)
        {
            var counts = (await ReturnTable.CountsAsync(work, dimension, default, ct)).ToDictionary(row => row.Value, StringComparer.Ordinal);
            foreach (var money in await ReturnTable.MoneyAsync(work, dimension, default, ct))
                rows.Add(SnapshotRow.From(dimension, money, money.Currency == Snapshot.Currency.Code && counts.Remove(money.Value, out var count) ? count : null));
            foreach (var count in counts.Values) rows.Add(SnapshotRow.From(dimension, new() { Value = count.Value, Currency = Snapshot.Currency.Code }, count));
        }
        return rows;
    }

    private static Guid[] Ids(string field, IEnumerable<string> texts) =>
        [.. texts.Select(text => Guid.TryParse(text, out var id) ? id : throw new RpcException(new Status(StatusCode.InvalidArgument, $"{field}: '{text}' is not a UUID.")))];
}
