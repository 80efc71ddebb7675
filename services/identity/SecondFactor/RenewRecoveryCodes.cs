using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Identity.People;
using Empire.Identity.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.SecondFactor;

/// <summary>Ten new recovery codes; the old ones are void.</summary>
public static class RenewRecoveryCodes
{
    /// <example>{"password": "nine quiet lanterns", "code": "287082"}</example>
    public sealed record Request([Required, StringLength(PasswordRule.MaxLength)] string Password, [Required, StringLength(32)] string Code);

    /// <example>{"status": "success", "recovery_codes": ["WK3D-EGZD-PCF5-4ERF", "5DHQ-D3DQ-CJU4-KHVM", "GNZG-EDP9-5W77-ZVRM", "RFV9-X6UE-H4LX-K94C", "EWXY-97EF-T8ED-V6U2",
    /// "YB7Y-LH9D-PUJR-339F", "L63T-J5T4-Y2QK-FMKQ", "QA9M-SUAK-4ZWJ-D733", "33G8-3DNE-P6LH-XDGA", "KGZB-EP2K-SYZ8-HH97"]}</example>
    public sealed record Response(string Status, IReadOnlyList<string> RecoveryCodes);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, HttpContext context, Database db, PasswordAgain again, SecondFactors factors, CancellationToken ct)
    {
        if (!caller.IsPerson(out var user)) return Roles.PersonNeeded.ToProblem(StatusCodes.Status403Forbidden);
        var (person, refusal) = await again.AskAsync(user, request.Password, request.Code, context, ct);
        if (refusal is not null) return refusal;
        await using var work = await db.BeginSystemAsync(ct);
        if (await again.StillAsync(work, person!, request.Password, ct) is { } changed) return changed;
        if (!await factors.IsOnAsync(work, user, ct)) return SecondFactorStatus.Off.ToProblem();
        var codes = await factors.NewRecoveryCodesAsync(work, user, ct);
        work.Audit("recovery-codes.renewed", "person", PublicId.Format("usr", user));
        await work.CommitAsync(ct);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Response("success", codes));
    }
}
