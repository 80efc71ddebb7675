using Empire.Data;

namespace Empire.Telemetry.Lineage;

/// <summary>A job that works for a piece of content is named by the piece: <c>piece_0199f3…</c>.</summary>
internal static class PieceJob
{
    private const string Prefix = "piece";

    /// <returns>Null: a job of another kind.</returns>
    public static Guid? PieceOf(string job) => job.StartsWith(Prefix + "_", StringComparison.Ordinal) && PublicId.TryParse(Prefix, job, out var piece) ? piece : null;
}

/// <summary>What pieces had of GPUs.</summary>
internal static class PieceCostTable
{
    /// <summary>Adds what the jobs of one account had; in the transaction that settles the samples, so that each counts once.</summary>
    public static Task AddAsync(Work work, Guid tenant, IEnumerable<(string Job, long Ms, long CostMicroMs, long EnergyMj)> jobs, CancellationToken ct)
    {
        var pieces = jobs.Select(job => (Piece: PieceJob.PieceOf(job.Job), job.Ms, job.CostMicroMs, job.EnergyMj)).Where(job => job.Piece is not null).GroupBy(job => job.Piece!.Value)
            .OrderBy(piece => piece.Key) // the same order in every replica
            .Select(piece => (piece.Key, Ms: piece.Sum(job => job.Ms), Cost: piece.Sum(job => job.CostMicroMs), Energy: piece.Sum(job => job.EnergyMj))).ToArray();
        return pieces.Length == 0 ? Task.CompletedTask : work.ExecuteAsync(
            """
            insert into piece_costs as kept (tenant_id, piece_id, ms, cost_micro_ms, energy_mj, changed_at, untold_since)
            select @tenant, p.*, @Now, @Now from unnest(@pieces, @ms, @costs, @energies) as p
            on conflict (tenant_id, piece_id) do update set ms = kept.ms + excluded.ms, cost_micro_ms = kept.cost_micro_ms + excluded.cost_micro_ms, energy_mj = kept.energy_mj + excluded.energy_mj,
              changed_at = excluded.changed_at, untold_since = coalesce(kept.untold_since, excluded.untold_since)
            """,
            new
            {
                tenant, Now = work.Now.UtcDateTime, pieces = pieces.Select(piece => piece.Key).ToArray(), ms = pieces.Select(piece => piece.Ms).ToArray(), costs = pieces.Select(piece => piece.Cost).ToArray(),
                energies = pieces.Select(piece => piece.Energy).ToArray(),
            }, ct);
    }
}
