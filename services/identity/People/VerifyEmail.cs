using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.People;

/// <summary>Proves that a person reads the address they gave.</summary>
public static class VerifyEmail
{
    /// <example>{"status": "success", "message": "Your address is verified."}</example>
    public sealed record Response(string Status, string Message);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        [Required, StringLength(200)] string token, Database db, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await db.BeginSystemAsync(ct);
        if (await OneTimeTokenTable.SpendAsync(work, token, OneTimeTokenTable.VerifyEmail, now, ct) is not { } user)
            return OneTimeTokenTable.Invalid.ToProblem(StatusCodes.Status400BadRequest);
        await UserTable.SetVerifiedAsync(work, user, now, ct);
        if (await UserTable.HomeAsync(work, user, ct) is { } home) await work.ActForAsync(home, ct); // whose log tells of it
        work.Audit("email.verified", "person", PublicId.Format("usr", user));
        await work.CommitAsync(ct);
        return TypedResults.Ok(new Response("success", "Your address is verified."));
    }
}
