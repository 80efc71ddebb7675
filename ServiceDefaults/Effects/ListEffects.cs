using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Effects;

/// <summary>The caller's effects, newest first.</summary>
internal static class ListEffects
{
    /// <param name="state">planned, running, unknown, succeeded, rejected, held or cancelled; null is all.</param>
    public static async Task<Ok<Page<EffectView>>> HandleAsync(string? state, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        if (state is not null && !(Enum.TryParse<EffectState>(state, ignoreCase: true, out var known) && Enum.IsDefined(known)))
            throw new InvalidFieldException("state", $"wanted: {string.Join(", ", Enum.GetNames<EffectState>()).ToLowerInvariant()}.");
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<EffectRow>(
            $"""
            select {EffectRow.Columns} from kernel.effects
            where tenant_id = current_tenant() and (@state::text is null or state = @state) and (@at::timestamptz is null or (planned_at, id) < (@at, @id))
            order by planned_at desc, id desc limit @Fetch
            """, new { state = state?.ToLowerInvariant(), at = after?.At, id = after?.Id, page.Fetch }, ct);
        var shown = page.ToPage(rows, row => (row.PlannedAt, row.Id));
        return TypedResults.Ok(new Page<EffectView>([.. shown.Data.Select(row => row.ToView())], shown.NextCursor));
    }
}
