using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Members;
using Empire.Identity.People;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Sessions;

/// <summary>Says no to an account that has asked the person to join. What they belong to already they leave there.</summary>
public static class DeclineTenant
{
    /// <example>{"tenant": "ten_0199f3a17c5b7d3e8a4b5c6d7e8f9012"}</example>
    public sealed record Request([Required] TenantId? Tenant);

    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, HttpContext context, Database db, StillManages still, CancellationToken ct)
    {
        if (!caller.IsPerson(out var user)) return Roles.PersonNeeded.ToProblem(StatusCodes.Status403Forbidden);
        var tenant = request.Tenant!.Value;
        await using var work = await db.BeginSystemAsync(ct);
        await MemberTable.HoldAskedAsync(work, user, ct);
        if (await still.StandsAsync(work, caller, context, ct) is { } over) return over.ToProblem(StatusCodes.Status403Forbidden);
        if (!await UserTable.IsVerifiedAsync(work, user, ct) || !await MemberTable.DeclineAsync(work, tenant, user, ct)) return TypedResults.NotFound(); // who has not proved the address is not told who asks
        await work.ActForAsync(tenant, ct);
        work.Audit("member.declined", "person", PublicId.Format("usr", user));
        await work.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
