using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Identity.SecondFactor;
using Empire.Identity.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.People;

/// <summary>Changes one's password, knowing the old one. Other sessions end, and a link for a forgotten password is void.</summary>
public static class ChangePassword
{
    /// <example>{"current": "nine quiet lanterns", "new": "ten louder lanterns"}</example>
    public sealed record Request([Required, StringLength(PasswordRule.MaxLength)] string Current, [Required] string New);

    /// <param name="CsrfToken">Of the session's new id; null where the request came by an access token.</param>
    /// <example>{"status": "success", "csrf_token": "a token of this session"}</example>
    public sealed record Response(string Status, string? CsrfToken);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, HttpContext context, Database db, PasswordAgain again, Passwords passwords, SessionRenewal renewal, TimeProvider clock, CancellationToken ct)
    {
        if (!caller.IsPerson(out var user)) return Roles.PersonNeeded.ToProblem(StatusCodes.Status403Forbidden);
        var (person, refusal) = await again.AskAsync(user, request.Current, context, ct);
        if (refusal is not null) return refusal;
        PasswordRule.Require(request.New, person!.Email, "new");
        var (hash, now) = (await passwords.HashAsync(request.New, ct), clock.GetUtcNow());
        await using var work = await db.BeginSystemAsync(ct);
        await work.ExecuteAsync("delete from one_time_tokens where user_id = @user and purpose = @purpose", new { user, purpose = OneTimeTokenTable.ResetPassword }, ct); // first, as a reset does
        if (await again.StillAsync(work, person, request.Current, ct) is { } changed) return changed;
        await UserTable.SetPasswordAsync(work, user, hash, now, ct);
        await SecondFactors.DropUnconfirmedAsync(work, user, ct);
        var token = await renewal.RenewAsync(work, context, user, now, ct);
        work.Audit("password.changed", "person", PublicId.Format("usr", user));
        await work.CommitAsync(ct);
        return TypedResults.Ok(new Response("success", SessionRenewal.Show(context, token)));
    }
}
