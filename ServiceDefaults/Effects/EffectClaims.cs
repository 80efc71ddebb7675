using Empire.Data;

namespace Empire.Effects;

/// <summary>How replicas share the work: each claims rows under a lease that it renews while it lives.</summary>
internal sealed class EffectClaims(Database database, TimeProvider clock)
{
    public const string Columns =
        """
        e.id, e.tenant_id as tenant, e.kind, e.key, e.intent::text as intent, e.state, e.attempts, e.attempts - e.attempts_forgiven as attempts_counted,
        e.probes, e.failed_probes, e.first_started_at, e.answer::text as answer, e.traceparent
        """;

    /// <summary>An effect whose worker fell silent while performing: nobody knows what happened, so it will be asked about, never repeated.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> TakeOverAbandonedAsync(TimeSpan probeDelay, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await database.BeginSystemAsync(ct);
        var abandoned = await work.ExecuteAsync(
            """
            update kernel.effects set state = 'unknown', due_at = @probeAt, lease_until = null, failed_probes = 0, detail = format('%s fell silent while performing it.', leased_by)
            where id in (select id from kernel.effects where state = 'running' and lease_until <= @now for update skip locked)
            """, new { now, probeAt = now + probeDelay }, ct);
        await work.CommitAsync(ct);
        return abandoned;
    }

    /// <summary>Due probes first (an unknown outcome is worse than a late act), then due performs, turn by turn over the tenants so that a long queue of one does not
    /// hold up another. Performs only while the kill switch is off, and for closed accounts only what goes on for them. A probe counts as failed until it is answered, so that one which ends the process is not begun for ever.</summary>
    public async Task<IReadOnlyList<EffectClaim>> ClaimAsync(string[] kinds, int most, string worker, TimeSpan lease, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await database.BeginSystemAsync(ct);
        var parameters = new { kinds, always = EffectKinds.WhenClosed, now, worker, until = now + lease, most };
        var claims = await work.QueryAsync<EffectClaim>(
            $"""
            update kernel.effects e set probes = e.probes + 1, failed_probes = e.failed_probes + 1, lease_until = @until, leased_by = @worker
            where id in (
              select id from kernel.effects
              where state = 'unknown' and due_at <= @now and (lease_until is null or lease_until <= @now) and kind = any(@kinds)
              order by due_at limit @most for update skip locked)
            returning {Columns}
            """, parameters, ct);
        if (claims.Count < most) claims = [.. claims, .. await ClaimPlannedAsync(work, parameters with { most = most - claims.Count }, ct)];
        await work.CommitAsync(ct);
        return claims;
    }

    /// <summary>Extends the leases of what this worker still has in hand.</summary>
    /// <returns>Those that are still its own.</returns>
    public async Task<IReadOnlyList<Guid>> RenewAsync(Guid[] effects, string worker, TimeSpan lease, CancellationToken ct)
    {
        await using var work = await database.BeginSystemAsync(ct);
        var renewed = await work.QueryAsync<Guid>(
            "update kernel.effects set lease_until = @until where id = any(@effects) and leased_by = @worker and lease_until is not null returning id",
            new { effects, worker, until = clock.GetUtcNow() + lease }, ct);
        await work.CommitAsync(ct);
        return renewed;
    }

    /// <summary>The tenants come from a skip scan of the index, one step per tenant however long the queues are.</summary>
    private static Task<IReadOnlyList<EffectClaim>> ClaimPlannedAsync(Work work, object parameters, CancellationToken ct) =>
        work.QueryAsync<EffectClaim>(
            $"""
            with recursive tenants as (
              (select tenant_id from kernel.effects where state = 'planned' order by tenant_id limit 1)
              union all
              select (select p.tenant_id from kernel.effects p where p.state = 'planned' and p.tenant_id > t.tenant_id order by p.tenant_id limit 1)
              from tenants t where t.tenant_id is not null
            ), turns as (
              select queue.id, queue.due_at, row_number() over (partition by tenants.tenant_id order by queue.due_at, queue.id) as turn
              from tenants left join kernel.closed_accounts a on a.tenant_id = tenants.tenant_id and a.closed cross join lateral (
                select q.id, q.due_at from kernel.effects q
                where q.state = 'planned' and q.tenant_id = tenants.tenant_id and q.due_at <= @now and q.kind = any(@kinds)
                  and (a.tenant_id is null or q.kind = any(@always))
                order by q.due_at, q.id limit @most) queue
            ), chosen as (
              select c.id from kernel.effects c join turns using (id)
              where c.state = 'planned' and not kernel.effects_halted()
              order by turns.turn, turns.due_at limit @most for update of c skip locked
            )
            update kernel.effects e set state = 'running', attempts = e.attempts + 1, lease_until = @until, leased_by = @worker,
              first_started_at = coalesce(e.first_started_at, @now)
            where e.id in (select id from chosen)
            returning {Columns}
            """, parameters, ct);
}
