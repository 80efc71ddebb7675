using System.Diagnostics;
using System.Text.Json;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Effects;

internal static class EffectTable
{
    /// <returns>Null when planned now or before; otherwise the quota that is used up, and then nothing is taken or written.</returns>
    public static async Task<Refusal?> PlanAsync<TIntent>(Work work, EffectPlan<TIntent> plan, DateTimeOffset now, CancellationToken ct) where TIntent : class
    {
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
        foreach (var token in plan.Quotas ?? [])
        {
            if (await TakeAsync(work, id, token, ct)) continue;
            await work.ExecuteAsync("rollback to savepoint plan", ct: ct);
            return new("quota-used-up", $"{token.Name} allows {token.Cap} in {token.Window}, and that is used up.");
        }
        return null;
    }

    /// <summary>The row lock of the upsert makes concurrent takers wait for each other, so the cap holds under any concurrency.</summary>
    private static async Task<bool> TakeAsync(Work work, Guid effect, QuotaToken token, CancellationToken ct)
    {
        if (token.Amount <= 0) throw new ArgumentException("A quota token's amount is positive.", nameof(token));
        if (token.Amount > token.Cap) return false;
        var taken = await work.ExecuteAsync(
            """
            insert into kernel.quotas as q (tenant_id, name, time_window, used) values (@tenant, @Name, @Window, @Amount)
            on conflict (tenant_id, name, time_window) do update set used = q.used + excluded.used where q.used + excluded.used <= @Cap
            """,
            new { tenant = work.Tenant, token.Name, token.Window, token.Amount, token.Cap }, ct);
        if (taken == 0) return false;
        await work.ExecuteAsync(
            "insert into kernel.effect_quotas (effect_id, tenant_id, name, time_window, amount) values (@effect, @tenant, @Name, @Window, @Amount)",
            new { effect, tenant = work.Tenant, token.Name, token.Window, token.Amount }, ct);
        return true;
    }
}
