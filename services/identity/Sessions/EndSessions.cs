using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Sessions;

/// <summary>Ends one's own sessions elsewhere, at once.</summary>
public static class EndSessions
{
    /// <example>{"ended": 2}</example>
    public sealed record Response(int Ended);

    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> OneAsync(string id, Caller caller, Database db, CancellationToken ct)
    {
        if (!caller.IsPerson(out var user)) return Roles.PersonNeeded.ToProblem(StatusCodes.Status403Forbidden);
        if (!PublicId.TryParse("ses", id, out var session)) return TypedResults.NotFound();
        await using var work = await db.BeginSystemAsync(ct);
        var ended = await SessionTable.EndAsync(work, session, user, ct);
        if (ended) work.Audit("session.ended", "session", PublicId.Format("ses", session));
        await work.CommitAsync(ct);
        return ended ? TypedResults.NoContent() : TypedResults.NotFound();
    }

    /// <summary>All but the one this request came by.</summary>
    public static async Task<Results<Ok<Response>, ProblemHttpResult>> OthersAsync(Caller caller, HttpContext context, Database db, ThisSession current, CancellationToken ct)
    {
        if (!caller.IsPerson(out var user)) return Roles.PersonNeeded.ToProblem(StatusCodes.Status403Forbidden);
        await using var work = await db.BeginSystemAsync(ct);
        var mine = await current.FindAsync(work, context, user, ct);
        var ended = await SessionTable.EndAllAsync(work, user, mine?.Id, ct);
        if (ended > 0) work.Audit("sessions.ended", "person", PublicId.Format("usr", user), new { ended });
        await work.CommitAsync(ct);
        return TypedResults.Ok(new Response(ended));
    }
}
