using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Keys;

/// <summary>Makes a key for a program of the tenant. The answer is the only place where the key is ever shown.</summary>
public static class CreateKey
{
    /// <param name="Role">admin, member or viewer; no more than the caller's own.</param>
    public sealed record Request([Required, StringLength(100, MinimumLength = 1)] string Name, [AllowedValues("admin", "member", "viewer")] string Role = "member");

    public sealed record Response(string Id, string Name, string Role, string ApiKey);

    public static async Task<Results<Created<Response>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, Database db, TimeProvider clock, CancellationToken ct)
    {
        if (!caller.MayManage()) return Roles.Forbidden.ToProblem(StatusCodes.Status403Forbidden);
        var now = clock.GetUtcNow();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var id = Guid.CreateVersion7(now);
        string key;
        do key = ApiKey.Generate();
        while (!await ApiKeyTable.AddAsync(work, id, request.Name, key, request.Role, caller.Actor, now, ct));
        await work.CommitAsync(ct);
        var publicId = PublicId.Format("key", id);
        return TypedResults.Created($"/api/v1/identity/keys/{publicId}", new Response(publicId, request.Name, request.Role, key));
    }
}
