using Empire.Data;

namespace Empire.Effects;

/// <summary>Writes what became of an attempt. Each statement names the attempt it speaks of, so that the late word of a worker that lost its lease is taken where it
/// is still news and ignored where the effect has moved on.</summary>
internal sealed class EffectSettlement(Database database, TimeProvider clock)
{
    /// <summary>The attempt is still the last one and nothing final is known; true also for a late answer after a take-over.</summary>
    private const string StillOpen = "id = @Id and attempts = @Attempts and state in ('running', 'unknown', 'planned', 'held')";

    /// <summary>Only the worker whose turn it is.</summary>
    private const string StillMine = "id = @Id and attempts = @Attempts and probes = @Probes and state = @State";

    /// <summary>The final outcome, what the handler makes of it, and freed quotas: one transaction of the tenant.</summary>
    /// <returns>False when the effect was settled before.</returns>
    public async Task<bool> SettleAsync(EffectClaim claim, EffectAnswer answer, EffectDriver driver, IServiceProvider services, CancellationToken ct)
    {
        await using var work = await database.BeginAsync(claim.Tenant, ct);
        if (!await MarkSettledAsync(work, claim.Id, claim.Attempts, answer, ct)) return false;
        await driver.SettledAsync(services, claim, answer, clock.GetUtcNow(), work, ct);
        FaultPoint.Pass("effects.settling");
        await work.CommitAsync(ct);
        FaultPoint.Pass("effects.settled");
        return true;
    }

    public async Task<bool> MarkSettledAsync(Work work, Guid id, int attempts, EffectAnswer answer, CancellationToken ct)
    {
        var settled = await work.ExecuteAsync(
            $"""
            update kernel.effects set state = @state, reference = @Reference, detail = @Detail, settled_at = @now, lease_until = null, answer = null
            where {StillOpen}
            """,
            new { Id = id, Attempts = attempts, state = answer.Succeeded ? "succeeded" : "rejected", answer.Reference, answer.Detail, now = clock.GetUtcNow() }, ct);
        if (settled == 1 && !answer.Succeeded) await EffectQuotas.GiveBackAsync(work, id, ct);
        return settled == 1;
    }

    /// <summary>It surely did not happen: again at <paramref name="dueAt"/>, or never, where its account was erased meanwhile.</summary>
    public async Task PlanAgainAsync(EffectClaim claim, DateTimeOffset dueAt, string? detail, CancellationToken ct)
    {
        await using var work = await database.BeginAsync(claim.Tenant, ct);
        if (!await EffectTable.IsErasedAsync(work, claim.Kind, ct))
            await work.ExecuteAsync(
                $"update kernel.effects set state = 'planned', due_at = @dueAt, lease_until = null, failed_probes = 0, detail = @detail where {StillMine}", new { claim.Id, claim.Attempts, claim.Probes, claim.State, dueAt, detail }, ct);
        else if (await work.ExecuteAsync(
            $"update kernel.effects set state = 'cancelled', settled_at = @now, lease_until = null, detail = @detail where {StillMine}",
            new { claim.Id, claim.Attempts, claim.Probes, claim.State, now = clock.GetUtcNow(), detail = EffectTable.Erased }, ct) == 1)
            await EffectQuotas.GiveBackAsync(work, claim.Id, ct);
        await work.CommitAsync(ct);
    }

    /// <summary>Nobody knows: ask at <paramref name="probeAt"/>.</summary>
    public Task MarkUnknownAsync(EffectClaim claim, DateTimeOffset probeAt, string detail, CancellationToken ct) =>
        WriteAsync($"update kernel.effects set state = 'unknown', due_at = @dueAt, lease_until = null, failed_probes = 0, detail = @detail where {StillMine}", claim, probeAt, detail, null, ct);

    /// <summary>The probe got no answer, or an answer could not be recorded: ask or record again at <paramref name="probeAt"/>.</summary>
    /// <param name="answer">Kept so that the provider need not be asked again; null where it has not said.</param>
    public Task ProbeAgainAsync(EffectClaim claim, DateTimeOffset probeAt, string detail, EffectAnswer? answer, CancellationToken ct) =>
        WriteAsync(
            $"""
            update kernel.effects set state = 'unknown', due_at = @dueAt, lease_until = null, detail = @detail, answer = coalesce(@answer::jsonb, answer),
              failed_probes = case when state = 'unknown' then failed_probes else 0 end
            where {StillMine}
            """, claim, probeAt, detail, answer, ct);

    /// <summary>A person decides.</summary>
    public Task HoldAsync(EffectClaim claim, string detail, EffectAnswer? answer, CancellationToken ct) =>
        WriteAsync($"update kernel.effects set state = 'held', lease_until = null, detail = @detail, answer = coalesce(@answer::jsonb, answer) where {StillMine}", claim, null, detail, answer, ct);

    /// <returns>Why it must not start now; null when it may.</returns>
    public async Task<string?> WaitsAsync(EffectClaim claim, CancellationToken ct)
    {
        await using var work = await database.BeginSystemAsync(ct);
        var (halted, closed) = await work.QuerySingleAsync<(bool, bool)>(
            "select kernel.effects_halted(), kernel.is_closed(@Tenant) and @Kind <> all(@always)", new { claim.Tenant, claim.Kind, always = EffectKinds.WhenClosed }, ct);
        return halted ? "The kill switch was on when it was about to start." : closed ? "The account was closed when it was about to start." : null;
    }

    private async Task WriteAsync(string sql, EffectClaim claim, DateTimeOffset? dueAt, string? detail, EffectAnswer? answer, CancellationToken ct)
    {
        await using var work = await database.BeginAsync(claim.Tenant, ct);
        await work.ExecuteAsync(sql, new { claim.Id, claim.Attempts, claim.Probes, claim.State, dueAt, detail, answer = answer?.ToJson() }, ct);
        await work.CommitAsync(ct);
    }
}
