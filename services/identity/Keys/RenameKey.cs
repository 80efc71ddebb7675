using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Members;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Keys;

public static class RenameKey
{
    /// <example>{"name": "nightly export"}</example>
    public sealed record Request([Required, StringLength(100, MinimumLength = 1)] string Name);

    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> HandleAsync(
        string id, Request request, Caller caller, HttpContext context, Database db, StillManages still, CancellationToken ct)
    {
        if (!caller.MayManage()) return Roles.Forbidden.ToProblem(StatusCodes.Status403Forbidden);
        if (!PublicId.TryParse("key", id, out var key)) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await still.CheckAsync(work, caller, context, ct) is { } refusal) return refusal.ToProblem(StatusCodes.Status403Forbidden);
        if (await ApiKeyTable.LockAsync(work, key, ct) is not { } row) return TypedResults.NotFound();
        await work.ExecuteAsync("update api_keys set name = @Name where id = @key and tenant_id = @Tenant", new { request.Name, key, caller.Tenant }, ct);
        work.Audit("key.renamed", "key", row.PublicId, new { from = row.Name, to = request.Name });
        await work.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
