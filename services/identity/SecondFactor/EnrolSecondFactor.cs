using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Identity.People;
using Empire.Identity.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.SecondFactor;

/// <summary>Gives a person a secret for their authenticator. Nothing changes before they confirm it with a code, within ten minutes and five tries.</summary>
public static class EnrolSecondFactor
{
    /// <example>{"password": "nine quiet lanterns"}</example>
    /// <param name="Password">Asked again: an unlocked desk must not be enough to lock its owner out.</param>
    public sealed record Request([Required, StringLength(PasswordRule.MaxLength)] string Password);

    /// <param name="OtpauthUri">For a QR code.</param>
    /// <example>{"status": "success", "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "otpauth_uri": "otpauth://totp/Empire:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&amp;issuer=Empire&amp;algorithm=SHA1&amp;digits=6&amp;period=30"}</example>
    public sealed record Response(string Status, string Secret, string OtpauthUri);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, HttpContext context, Database db, PasswordAgain again, SecondFactors factors, TimeProvider clock, CancellationToken ct)
    {
        if (!caller.IsPerson(out var user)) return Roles.PersonNeeded.ToProblem(StatusCodes.Status403Forbidden);
        var (person, refusal) = await again.AskAsync(user, request.Password, context, ct);
        if (refusal is not null) return refusal;
        await using var work = await db.BeginSystemAsync(ct);
        if (await again.StillAsync(work, person!, request.Password, ct) is { } changed) return changed;
        if (await factors.EnrolAsync(work, user, clock.GetUtcNow(), ct) is not { } secret) return AlreadyOn.ToProblem();
        work.Audit("second-factor.enrolled", "person", PublicId.Format("usr", user));
        await work.CommitAsync(ct);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Response("success", Totp.ToBase32(secret), Totp.UriOf("Empire", person!.Email, secret)));
    }

    private static readonly Refusal AlreadyOn = new("second-factor-on", "A second factor is on. Turn it off first.");
}
