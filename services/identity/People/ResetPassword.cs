using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Identity.SecondFactor;
using Empire.Identity.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.People;

/// <summary>Sets a password by the link of a mail: the first one, or a new one for somebody who forgot it. Whoever was signed in is out; and where the address had never been proved before, whatever
/// was made in its name until then ends with it.</summary>
public static class ResetPassword
{
    /// <example>{"token": "the token of the mail", "password": "nine quiet lanterns"}</example>
    public sealed record Request([Required, StringLength(200)] string Token, [Required] string Password);

    /// <example>{"status": "success", "message": "Your password is set. Sign in with it."}</example>
    public sealed record Response(string Status, string Message);

    private const string Set = "Your password is set. Sign in with it.";
    private const string Ended = "It is the first proof of your address: keys, second factor, members and invites from before it are void. Make new keys.";

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Request request, Database db, Passwords passwords, FirstProof proof, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await db.BeginSystemAsync(ct);
        if (await OneTimeTokenTable.WhoseAsync(work, request.Token, OneTimeTokenTable.ResetPassword, now, ct) is { } whose) await FirstProof.HoldAsync(work, whose, ct);
        if (await OneTimeTokenTable.SpendAsync(work, request.Token, OneTimeTokenTable.ResetPassword, now, ct) is not { } user || await UserTable.FindAsync(work, user, ct) is not { } person)
            return OneTimeTokenTable.Invalid.ToProblem(StatusCodes.Status400BadRequest);
        PasswordRule.Require(request.Password, person.Email); // refused: the token is not used up
        await UserTable.SetPasswordAsync(work, user, await passwords.HashAsync(request.Password, ct), now, ct);
        var ended = person.EmailVerifiedAt is null && await proof.TakeOverAsync(work, user, now, ct);
        await UserTable.SetVerifiedAsync(work, user, now, ct); // the mail has reached them
        await SessionTable.EndAllAsync(work, user, but: null, ct);
        await SecondFactors.DropUnconfirmedAsync(work, user, ct);
        await SignInTries.ForgetAsync(work, person.Email, ct);
        if (await UserTable.HomeAsync(work, user, ct) is { } home) await work.ActForAsync(home, ct); // whose log tells of it
        work.Audit("password.reset", "person", PublicId.Format("usr", user), new { ended });
        await work.CommitAsync(ct);
        return TypedResults.Ok(new Response("success", ended ? $"{Set} {Ended}" : Set));
    }
}
