using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.People;

public static class GetProfile
{
    public static async Task<Results<Ok<ProfileView>, ProblemHttpResult>> HandleAsync(Caller caller, Database db, ProfileReader reader, CancellationToken ct)
    {
        if (!caller.IsPerson(out var user)) return Roles.PersonNeeded.ToProblem(StatusCodes.Status403Forbidden);
        await using var work = await db.BeginSystemAsync(ct);
        return TypedResults.Ok(await reader.ReadAsync(work, user, caller.Tenant, ct));
    }
}
