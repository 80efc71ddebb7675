using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.SecondFactor;

/// <summary>Turns the second factor on with a first code. Every other session ends, and this one gets a new id: whoever came in without the factor is out.</summary>
public static class ConfirmSecondFactor
{
    /// <example>{"code": "287082"}</example>
    public sealed record Request([Required, StringLength(32)] string Code);

    /// <param name="RecoveryCodes">Ten, for once each; shown only here.</param>
    /// <param name="CsrfToken">Of the session's new id; null where the request came by an access token.</param>
    public sealed record Response(string Status, IReadOnlyList<string> RecoveryCodes, string? CsrfToken);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, HttpContext context, Database db, SecondFactors factors, SessionRenewal renewal, TimeProvider clock, CancellationToken ct)
    {
        if (!caller.IsPerson(out var user)) return Roles.PersonNeeded.ToProblem(StatusCodes.Status403Forbidden);
        var now = clock.GetUtcNow();
        await using var work = await db.BeginSystemAsync(ct);
        if (await factors.ConfirmAsync(work, user, request.Code.Trim(), now, ct) is not { } codes) throw new InvalidFieldException("code", "is not the code that the authenticator shows now.");
        var token = await renewal.RenewAsync(work, context, user, now, ct);
        work.Audit("second-factor.on", "person", PublicId.Format("usr", user));
        await work.CommitAsync(ct);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Response("success", codes, SessionRenewal.Show(context, token)));
    }
}
