using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Identity.People;
using Empire.Identity.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.SecondFactor;

/// <summary>Turns the second factor off. Needs both factors once more.</summary>
public static class DisableSecondFactor
{
    /// <example>{"password": "nine quiet lanterns", "code": "287082"}</example>
    /// <param name="Code">Of the authenticator, or a recovery code.</param>
    public sealed record Request([Required, StringLength(PasswordRule.MaxLength)] string Password, [Required, StringLength(32)] string Code);

    /// <example>{"status": "success", "csrf_token": "a token of this session"}</example>
    public sealed record Response(string Status, string? CsrfToken);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, HttpContext context, Database db, PasswordAgain again, SecondFactors factors, SessionRenewal renewal, TimeProvider clock, CancellationToken ct)
    {
        if (!caller.IsPerson(out var user)) return Roles.PersonNeeded.ToProblem(StatusCodes.Status403Forbidden);
        var (person, refusal) = await again.AskAsync(user, request.Password, request.Code, context, ct);
        if (refusal is not null) return refusal;
        await using var work = await db.BeginSystemAsync(ct);
        if (await again.StillAsync(work, person!, request.Password, ct) is { } changed) return changed;
        await factors.TurnOffAsync(work, user, ct);
        var token = await renewal.RenewAsync(work, context, user, clock.GetUtcNow(), ct);
        work.Audit("second-factor.off", "person", PublicId.Format("usr", user));
        await work.CommitAsync(ct);
        return TypedResults.Ok(new Response("success", SessionRenewal.Show(context, token)));
    }
}
