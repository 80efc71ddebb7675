using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Invites;
using Empire.Identity.Members;
using Empire.Identity.Revocation;
using Empire.Identity.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Administrators;

/// <summary>Makes somebody an admin of this installation, or no longer one; owner keys that they made for its account run it as long as they do. The last one stays.</summary>
public static class ChangeUserRole
{
    /// <example>{"role": "admin"}</example>
    /// <param name="Role">user or admin.</param>
    public sealed record Request([Required, OneOf("user", "admin")] string Role);

    /// <example>{"id": "usr_0199f3a17c5b7d3e8a4b5c6d7e8f9043", "role": "admin"}</example>
    public sealed record Response(string Id, string Role);

    public static async Task<Results<Ok<Response>, NotFound, ProblemHttpResult>> HandleAsync(
        string id, Request request, Caller caller, HttpContext context, Database db, StillManages still, Revocations revocations, CancellationToken ct)
    {
        if (!caller.Operator) return Roles.OperatorNeeded.ToProblem(StatusCodes.Status403Forbidden);
        if (!PublicId.TryParse("usr", id, out var user)) return TypedResults.NotFound();
        await using var work = await db.BeginSystemAsync(ct);
        if (await still.OperatesAsync(work, caller, context, ct, everyAdmin: true) is { } over) return over.ToProblem(StatusCodes.Status403Forbidden);
        var last = await InstallationAdmins.IsLastAsync(work, user, ct);
        var before = await work.QuerySingleOrDefaultAsync<string>("select role from users where id = @user for update", new { user }, ct);
        if (before is null) return TypedResults.NotFound();
        if (last && request.Role == "user") return InstallationAdmins.LastOne.ToProblem();
        if (before != request.Role)
        {
            await work.ExecuteAsync("update users set role = @Role where id = @user", new { request.Role, user }, ct);
            if (request.Role == "user") await InviteTable.WithdrawAsync(work, user, null, joining: false, ct);
            await SessionTable.EndAllAsync(work, user, but: null, ct); // the next one begins with the new role
            work.Audit("person.role-changed", "person", PublicId.Format("usr", user), new { before, after = request.Role });
            var installation = await work.QuerySingleOrDefaultAsync<Guid?>("select tenant_id from tenants where is_operator", ct: ct);
            await work.CommitAsync(ct);
            if (installation is { } account) await revocations.TenantAsync(new(account)); // what gateways remember of the keys they made there
        }
        return TypedResults.Ok(new Response(PublicId.Format("usr", user), request.Role));
    }
}
