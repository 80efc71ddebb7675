using Empire.Data;
using Empire.Http;
using Empire.Identity.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Tokens;

/// <summary>Gives the signed-in person a token for a program of theirs. It ends with their session, and makes no other token.</summary>
public static class IssueToken
{
    /// <param name="ExpiresIn">Seconds.</param>
    /// <example>{"status": "success", "access_token": "a signed token (JWT)", "token_type": "Bearer", "expires_in": 900, "expires_at": "2026-03-02T08:15:00+00:00"}</example>
    public sealed record Response(string Status, string AccessToken, string TokenType, int ExpiresIn, DateTimeOffset ExpiresAt);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Caller caller, HttpContext context, Database db, AccessTokens tokens, CancellationToken ct)
    {
        if (!caller.IsPerson(out var user)) return Roles.PersonNeeded.ToProblem(StatusCodes.Status403Forbidden);
        await using var work = await db.BeginSystemAsync(ct);
        if (await ThisSession.FindOfBrowserAsync(work, context, user, ct) is not { } session) return ThisSession.Needed.ToProblem(StatusCodes.Status403Forbidden);
        var (token, expiresAt) = tokens.Issue(session.Id, user, new(session.TenantId));
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Response("success", token, "Bearer", (int)AccessTokens.Lifetime.TotalSeconds, expiresAt));
    }
}
