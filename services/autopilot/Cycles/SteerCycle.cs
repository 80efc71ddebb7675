using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Autopilot.Cycles;

/// <summary>The owner's hand on a cycle. A pause lets the step in progress end and starts no other; what was planned with other services goes on.
/// A cycle that failed is resumed at the step that failed: what was done before is not done again.</summary>
public static class SteerCycle
{
    /// <example>{"cycle_id": "cyc_0199f3a17c5b7d3e8a4b5c6d7e8f9019", "state": "paused"}</example>
    public sealed record Response(string CycleId, string State);

    public static Task<Results<Ok<Response>, ProblemHttpResult>> PauseAsync(string id, Caller caller, Database db, CycleSignal signal, TimeProvider clock, CancellationToken ct) =>
        MoveAsync(id, ["queued", "running"], "paused", caller, db, signal, clock, ct);

    public static Task<Results<Ok<Response>, ProblemHttpResult>> ResumeAsync(string id, Caller caller, Database db, CycleSignal signal, TimeProvider clock, CancellationToken ct) =>
        MoveAsync(id, ["paused", "failed"], "queued", caller, db, signal, clock, ct);   // and waits its turn like any other

    public static Task<Results<Ok<Response>, ProblemHttpResult>> CancelAsync(string id, Caller caller, Database db, CycleSignal signal, TimeProvider clock, CancellationToken ct) =>
        MoveAsync(id, ["queued", "running", "paused"], "cancelled", caller, db, signal, clock, ct);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> MoveAsync(
        string id, string[] from, string to, Caller caller, Database db, CycleSignal signal, TimeProvider clock, CancellationToken ct)
    {
        if (caller.Role is "viewer") return new Refusal("forbidden", "A viewer may not steer cycles.").ToProblem(StatusCodes.Status403Forbidden);
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (!PublicId.TryParse("cyc", id, out var cycle) || await CycleTable.FindAsync(work, cycle, ct) is not { } row) return GetCycle.NotFound(id);
        if (!await CycleTable.MoveAsync(work, cycle, from, to, ct))
            return new Refusal("cycle-state", $"The cycle is {row.State}; it can be moved to {to} only from {string.Join(", ", from)}.").ToProblem(StatusCodes.Status409Conflict);
        if (to == "cancelled")
            await work.ExecuteAsync(
                "update cycle_steps set state = 'cancelled', leased_by = null, lease_until = null where tenant_id = current_tenant() and cycle_id = @cycle and state in ('pending', 'waiting')", new { cycle }, ct);
        if (to == "queued")
            await work.ExecuteAsync(
                """
                update cycles set finished_at = null, error = null where tenant_id = current_tenant() and id = @cycle;
                update cycle_steps set state = 'pending', due_at = @now, failures = 0, failing_since = null, error = null, finished_at = null,
                  started_at = null   -- its deadlines count anew
                where tenant_id = current_tenant() and cycle_id = @cycle and state in ('failed', 'cancelled')
                """, new { cycle, now = clock.GetUtcNow() }, ct);
        await work.CommitAsync(ct);
        signal.Set();
        return TypedResults.Ok(new Response(PublicId.Format("cyc", cycle), to));
    }
}
