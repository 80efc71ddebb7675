using System.Text.Json;
using Empire.Contracts;
using Empire.Data;

namespace Empire.Autopilot.Cycles;

/// <summary>The end of a cycle, in the transaction of its last step.</summary>
internal sealed class CycleFinish
{
    public async Task CompleteAsync(Work work, Guid cycle, DateTimeOffset now, CancellationToken ct)
    {
        var closed = await work.ExecuteAsync(
            "update cycles set state = 'completed', finished_at = @now where tenant_id = current_tenant() and id = @cycle and state in ('running', 'paused')", new { cycle, now }, ct);
        if (closed == 0) return;   // cancelled meanwhile
        var summary = await CycleSummary.ReadAsync(work, cycle, ct);
        work.Publish(new CycleCompleted
        {
            TenantId = work.Tenant.Value,
            CycleId = cycle,
            PiecesGenerated = summary.PiecesGenerated,
            PiecesPublished = summary.PiecesPublished,
            CostMicros = summary.Cost.Micros,
            Currency = summary.Cost.Currency.Code,
            OccurredAt = now,
        });
    }

    public async Task FailAsync(Work work, ClaimedStep step, string reason, DateTimeOffset now, CancellationToken ct)
    {
        await work.ExecuteAsync(
            "update cycles set state = 'failed', finished_at = @now, error = @error where tenant_id = current_tenant() and id = @CycleId and state in ('running', 'paused')",
            new { step.CycleId, now, error = $"{step.Name}: {reason}" }, ct);
        await work.ExecuteAsync("update cycle_steps set state = 'cancelled' where tenant_id = current_tenant() and cycle_id = @CycleId and state = 'pending'", new { step.CycleId }, ct);
    }
}

/// <param name="Cost">What the batch's pieces and publications cost, as analytics knew at the compute step; zero before.</param>
internal sealed record CycleSummary(int PiecesGenerated, int PiecesPublished, Money Cost)
{
    public static async Task<CycleSummary> ReadAsync(Work work, Guid cycle, CancellationToken ct)
    {
        var (generated, published) = await work.QuerySingleAsync<(int, int)>(
            """
            select (select count(*)::int from cycle_pieces where tenant_id = current_tenant() and cycle_id = @cycle and state = 'generated'),
                   (select count(*)::int from cycle_publications where tenant_id = current_tenant() and cycle_id = @cycle and state = 'published')
            """, new { cycle }, ct);
        var evidence = await work.QuerySingleOrDefaultAsync<string?>(
            "select evidence::text from cycle_steps where tenant_id = current_tenant() and cycle_id = @cycle and name = 'compute'", new { cycle }, ct);
        var cost = evidence is null ? null : JsonSerializer.Deserialize<Steps.ComputeStep.Evidence>(evidence, EvidenceJson.Options);
        return new(generated, published, cost is null ? Money.Zero(Currency.Usd) : Money.Of(cost.Cost, Currency.Parse(cost.Currency)));
    }
}
