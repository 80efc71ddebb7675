using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.SecondFactor;

public static class SecondFactorStatus
{
    /// <example>{"enabled": true, "recovery_codes_left": 10}</example>
    public sealed record Response(bool Enabled, int RecoveryCodesLeft);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Caller caller, Database db, SecondFactors factors, CancellationToken ct)
    {
        if (!caller.IsPerson(out var user)) return Roles.PersonNeeded.ToProblem(StatusCodes.Status403Forbidden);
        await using var work = await db.BeginSystemAsync(ct);
        return TypedResults.Ok(new Response(await factors.IsOnAsync(work, user, ct), await factors.RecoveryCodesLeftAsync(work, user, ct)));
    }

    internal static Refusal Off { get; } = new("second-factor-off", "No second factor is on.");
}
