using System.Diagnostics;
using System.Text.Json;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Effects;

/// <summary>Planning and withdrawing, inside the caller's transaction.</summary>
internal static class EffectTable
{
    /// <returns>Null when planned now or before; otherwise the quota that is used up, and then nothing is taken or written.</returns>
    public static async Task<Refusal?> PlanAsync<TIntent>(Work work, EffectPlan<TIntent> plan, DateTimeOffset now, CancellationToken ct) where TIntent : class
    {
        if (string.IsNullOrWhiteSpace(plan.Key)) throw new ArgumentException("An effect needs a key.", nameof(plan));
        var kind = EffectKinds.Of<TIntent>();
        var id = Guid.CreateVersion7(now);
        await work.ExecuteAsync("savepoint plan", ct: ct);
        var planned = await work.ExecuteAsync(
            """
            insert into kernel.effects (id, tenant_id, kind, key, intent, due_at, traceparent, planned_at)
            values (@id, @tenant, @kind, @key, @intent::jsonb, @due, @traceparent, @now)
            on conflict (tenant_id, kind, key) do nothing
            """,
            new
            {
                id, tenant = work.Tenant, kind, key = plan.Key, intent = JsonSerializer.Serialize(plan.Intent, EventJson.Options),
                due = plan.DueAt ?? now, traceparent = Activity.Current?.Id, now,
            }, ct);
        if (planned == 0) return null;
        foreach (var token in EffectQuotas.InLockOrder(plan.Quotas))
        {
            if (await EffectQuotas.TakeAsync(work, id, token, ct)) continue;
            await work.ExecuteAsync("rollback to savepoint plan", ct: ct);
            return new("quota-used-up", $"{token.Name} allows {token.Cap} in {token.Window}, and that is used up.");
        }
        FaultPoint.Pass("effects.planned");
        return null;
    }

    /// <summary>What is said of an act that is withdrawn with its account: nobody comes back to it.</summary>
    public const string Erased = "The account was erased.";

    /// <returns>False when it has begun, is settled or was never planned: then nothing changes.</returns>
    public static async Task<bool> CancelAsync<TIntent>(Work work, string key, DateTimeOffset now, CancellationToken ct) where TIntent : class
    {
        var cancelled = await work.QuerySingleOrDefaultAsync<Guid?>(
            """
            update kernel.effects set state = 'cancelled', settled_at = @now
            where tenant_id = @tenant and kind = @kind and key = @key and state = 'planned' and attempts = 0 returning id
            """, new { tenant = work.Tenant, kind = EffectKinds.Of<TIntent>(), key, now }, ct);
        if (cancelled is not { } id) return false;
        await EffectQuotas.GiveBackAsync(work, id, ct);
        return true;
    }

    /// <summary>Withdraws what is planned of the work's account, which is erased, except what goes on for closed accounts. What has been tried and is planned again surely did not happen; what is tried at this moment and
    /// did not happen is withdrawn when that is known (<see cref="EffectSettlement.PlanAgainAsync"/>), what is planned behind this by <see cref="WithdrawalSweep"/>.</summary>
    public static async Task WithdrawAsync(Work work, CancellationToken ct)
    {
        await work.ExecuteAsync("select pg_advisory_xact_lock(@key)", new { key = ErasureLock(work) }, ct); // a statement of its own: the next one sees what was waited for
        var cancelled = await work.QueryAsync<Guid>(
            """
            update kernel.effects set state = 'cancelled', settled_at = @Now, detail = @detail
            where tenant_id = current_tenant() and state = 'planned' and kind <> all(@always) returning id
            """, new { work.Now, detail = Erased, always = EffectKinds.WhenClosed }, ct);
        foreach (var id in cancelled.Order()) await EffectQuotas.GiveBackAsync(work, id, ct);
    }

    /// <summary>Takes the work's turn before or after an erasure of its account, never beside it.</summary>
    /// <returns>Whether what is planned now would wait for ever.</returns>
    public static async Task<bool> IsErasedAsync(Work work, string kind, CancellationToken ct)
    {
        if (EffectKinds.WhenClosed.Contains(kind)) return false;
        await work.ExecuteAsync("select pg_advisory_xact_lock_shared(@key)", new { key = ErasureLock(work) }, ct);
        return await work.QuerySingleAsync<bool>("select exists (select from kernel.closed_accounts where tenant_id = current_tenant() and closed and erased)", ct: ct);
    }

    private static long ErasureLock(Work work) => BitConverter.ToInt64(work.Tenant.Value.ToByteArray()) ^ 0x657261736564; // "erased"
}
