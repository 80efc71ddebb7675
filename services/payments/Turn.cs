using Empire.Data;

namespace Empire.Payments;

/// <summary>What is done to one thing at a provider is done in the order in which it was decided, also where several workers have it in hand.</summary>
internal static class Turn
{
    /// <param name="effect">The effect that is to be performed.</param>
    /// <param name="of">The field of its intent that says what it is done to.</param>
    /// <returns>Whether an earlier act of its kind upon the same is still under way.</returns>
    public static Task<bool> HasEarlierAsync(Work work, Guid effect, string of, CancellationToken ct) => work.QuerySingleAsync<bool>(
        """
        select exists (select from kernel.effects own join kernel.effects e on e.tenant_id = own.tenant_id and e.kind = own.kind and e.state in ('planned', 'running', 'unknown')
          and e.intent ->> @of = own.intent ->> @of and (e.planned_at, e.id) < (own.planned_at, own.id)
        where own.tenant_id = current_tenant() and own.id = @effect)
        """, new { effect, of }, ct);
}
