using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Effects;

/// <summary>Stops every effect of this service, for all tenants and in all replicas: none starts after the answer. What is under way finishes, and unknown outcomes
/// are still asked about, because stopping to look does not undo an act.</summary>
internal static class KillSwitch
{
    /// <example>{"reason": "A wrong price went out."}</example>
    public sealed record Request(string? Reason = null);

    /// <param name="Actor">Who turned it last; null where nobody ever has.</param>
    /// <example>{"halted": true, "actor": "user:0199f3a17c5b7d3e8a4b5c6d7e8f9012", "reason": "A campaign posts what it should not.", "changed_at": "2026-03-02T08:00:00+00:00"}</example>
    public sealed record Response(bool Halted, string? Actor, string? Reason, DateTimeOffset? ChangedAt);

    public static async Task<Ok<Response>> ReadAsync(Database db, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        return TypedResults.Ok(await LastAsync(work, ct));
    }

    public static Task<Results<Ok<Response>, ProblemHttpResult>> HaltAsync(Request request, Caller caller, Database db, TimeProvider clock, CancellationToken ct) =>
        string.IsNullOrWhiteSpace(request.Reason)
            ? throw new InvalidFieldException("reason", "is required: whoever resumes must know why it was halted.")
            : TurnAsync(true, request.Reason, caller, db, clock, ct);

    public static Task<Results<Ok<Response>, ProblemHttpResult>> ResumeAsync(Request? request, Caller caller, Database db, TimeProvider clock, CancellationToken ct) =>
        TurnAsync(false, request?.Reason, caller, db, clock, ct);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> TurnAsync(bool halted, string? reason, Caller caller, Database db, TimeProvider clock, CancellationToken ct)
    {
        if (!caller.Operator) return new Refusal("operator-needed", "Only the operator of the installation stops or resumes the effects of all its accounts.").ToProblem(StatusCodes.Status403Forbidden);
        await using var work = await db.BeginSystemAsync(ct);
        await work.ExecuteAsync(
            "insert into kernel.effect_switch (halted, actor, reason, changed_at) values (@halted, @Actor, @reason, @now)",
            new { halted, caller.Actor, reason, now = clock.GetUtcNow() }, ct);
        var last = await LastAsync(work, ct);
        work.EffectsChanged();
        await work.CommitAsync(ct);
        return TypedResults.Ok(last);
    }

    private static async Task<Response> LastAsync(Work work, CancellationToken ct) =>
        await work.QuerySingleOrDefaultAsync<Response>("select halted, actor, reason, changed_at from kernel.effect_switch order by id desc limit 1", ct: ct)
        ?? new(false, null, null, null);
}
