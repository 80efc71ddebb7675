using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Sessions;

/// <summary>Ends the session of this request, and every access token that hangs on it.</summary>
public static class SignOut
{
    /// <example>{"status": "success", "message": "You are signed out."}</example>
    public sealed record Response(string Status, string Message);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Caller caller, HttpContext context, Database db, ThisSession current, CancellationToken ct)
    {
        if (!caller.IsPerson(out var user)) return Roles.PersonNeeded.ToProblem(StatusCodes.Status403Forbidden);
        await using var work = await db.BeginSystemAsync(ct);
        if (await current.FindAsync(work, context, user, ct) is not { } session) return ThisSession.Needed.ToProblem(StatusCodes.Status403Forbidden);
        await SessionTable.EndAsync(work, session.Id, user, ct);
        work.Audit("session.ended", "session", PublicId.Format("ses", session.Id));
        await work.CommitAsync(ct);
        if (SessionCookie.Of(context) is not null) SessionCookie.Clear(context);
        return TypedResults.Ok(new Response("success", "You are signed out."));
    }
}
