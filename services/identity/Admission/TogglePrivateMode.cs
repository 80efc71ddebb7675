using Empire.Data;
using Empire.Http;
using Empire.Identity.Members;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Admission;

/// <summary>Shuts or opens the door to people without an invite.</summary>
public static class TogglePrivateMode
{
    /// <example>{"private_mode": true}</example>
    /// <param name="PrivateMode">What it shall be; left out: the other than now.</param>
    public sealed record Request(bool? PrivateMode = null);

    /// <example>{"private_mode": true}</example>
    public sealed record Response(bool PrivateMode);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request? request, Caller caller, HttpContext context, Database db, StillManages still, TimeProvider clock, CancellationToken ct)
    {
        if (!caller.Operator) return new Refusal("forbidden", "Only an admin of this installation opens or shuts it.").ToProblem(StatusCodes.Status403Forbidden);
        await using var work = await db.BeginSystemAsync(ct);
        if (await still.OperatesAsync(work, caller, context, ct) is { } over) return over.ToProblem(StatusCodes.Status403Forbidden);
        var on = await PrivateMode.TurnAsync(work, request?.PrivateMode, caller.Actor, clock.GetUtcNow(), ct);
        work.Audit("private-mode.turned", "installation", "private-mode", new { on });
        await work.CommitAsync(ct);
        return TypedResults.Ok(new Response(on));
    }
}
