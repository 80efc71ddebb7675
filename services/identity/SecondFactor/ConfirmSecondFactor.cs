using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Members;
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
    /// <example>{"status": "success", "recovery_codes": ["WK3D-EGZD-PCF5-4ERF", "5DHQ-D3DQ-CJU4-KHVM", "GNZG-EDP9-5W77-ZVRM", "RFV9-X6UE-H4LX-K94C", "EWXY-97EF-T8ED-V6U2",
    /// "YB7Y-LH9D-PUJR-339F", "L63T-J5T4-Y2QK-FMKQ", "QA9M-SUAK-4ZWJ-D733", "33G8-3DNE-P6LH-XDGA", "KGZB-EP2K-SYZ8-HH97"], "csrf_token": "a token of this session"}</example>
    public sealed record Response(string Status, IReadOnlyList<string> RecoveryCodes, string? CsrfToken);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, HttpContext context, Database db, StillManages still, SecondFactors factors, SessionRenewal renewal, TimeProvider clock, CancellationToken ct)
    {
        if (!caller.IsPerson(out var user)) return Roles.PersonNeeded.ToProblem(StatusCodes.Status403Forbidden);
        var now = clock.GetUtcNow();
        await using var work = await db.BeginSystemAsync(ct);
        // No password is asked for here: a session that was ended since would lock its person out.
        if (await still.StandsAsync(work, caller, context, ct, inTurn: true) is { } over) return over.ToProblem(StatusCodes.Status403Forbidden);
        if (await factors.ConfirmAsync(work, user, request.Code.Trim(), now, ct) is not { } codes)
        {
            work.NothingToAudit();
            await work.CommitAsync(ct); // it is counted before it is answered
            throw new InvalidFieldException("code", $"is not the code that the authenticator shows now. A secret waits for {SecondFactors.ConfirmWithin.TotalMinutes} minutes and {SecondFactors.MostWrongCodes} codes; then enrol anew.");
        }
        var token = await renewal.RenewAsync(work, context, user, now, ct);
        work.Audit("second-factor.on", "person", PublicId.Format("usr", user));
        await work.CommitAsync(ct);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Response("success", codes, SessionRenewal.Show(context, token)));
    }
}
