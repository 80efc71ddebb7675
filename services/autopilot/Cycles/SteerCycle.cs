using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Autopilot.Cycles;

/// <summary>The owner's hand on a running cycle. A pause lets the step in progress end and starts no other; what was planned with other services goes on.</summary>
public static class SteerCycle
{
    /// <example>{"cycle_id": "cyc_0199f3a17c5b7d3e8a4b5c6d7e8f9019", "state": "paused"}</example>
    public sealed record Response(string CycleId, string State);

    public static Task<Results<Ok<Response>, ProblemHttpResult>> PauseAsync(string id, Caller caller, Database db, CycleSignal signal, CancellationToken ct) =>
        MoveAsync(id, ["queued", "running"], "paused", caller, db, signal, ct);

    public static Task<Results<Ok<Response>, ProblemHttpResult>> ResumeAsync(string id, Caller caller, Database db, CycleSignal signal, CancellationToken ct) =>
        MoveAsync(id, ["paused"], "queued", caller, db, signal, ct);   // and waits its turn like any other

    public static Task<Results<Ok<Response>, ProblemHttpResult>> CancelAsync(string id, Caller caller, Database db, CycleSignal signal, CancellationToken ct) =>
        MoveAsync(id, ["queued", "running", "paused"], "cancelled", caller, db, signal, ct);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> MoveAsync(
        string id, string[] from, string to, Caller caller, Database db, CycleSignal signal, CancellationToken ct)
    {
        if (caller.Role is "viewer") return new Refusal("forbidden", "A viewer may not steer cycles.").ToProblem(StatusCodes.Status403Forbidden);
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (!PublicId.TryParse("cyc", id, out var cycle) || await CycleTable.FindAsync(work, cycle, ct) is not { } row) return GetCycle.NotFound(id);
        if (!await CycleTable.MoveAsync(work, cycle, from, to, ct))
            return new Refusal("cycle-state", $"The cycle is {row.State}; it can be moved to {to} only from {string.Join(", ", from)}.").ToProblem(StatusCodes.Status409Conflict);
        if (to == "cancelled")
            await work.ExecuteAsync(
                "update cycle_steps set state = 'cancelled', leased_by = null, lease_until = null where tenant_id = current_tenant() and cycle_id = @cycle and state in ('pending', 'waiting')", new { cycle }, ct);
        await work.CommitAsync(ct);
        signal.Set();
        return TypedResults.Ok(new Response(PublicId.Format("cyc", cycle), to));
    }
}
